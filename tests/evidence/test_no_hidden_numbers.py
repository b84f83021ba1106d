"""No parameter hides in the code: every modelling number stands in the registry, with its reason.

The source is read as a syntax tree. A number is taken for a parameter in disguise unless it is structure:

- 0, 1, 2 and 0.5, with either sign, anywhere;
- 100 where it multiplies or divides (a per cent);
- a whole number that counts: an index or slice (`x[3]`), `range(3)`, the shape of an array, a comparison with
  a length or a shape, the digits of `round(x, 3)`, the size of a cache or of a text field;
- a line that says what its number is: `tolerance = 1e-9  # not a parameter: smallest step of the search`;
  the words may also stand above a statement, or above a function for all of it;
- a file of the list below, with its reason.
"""

import ast
import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "trabecula"

# Whole files whose numbers are not parameters, and why. A file does not get onto this list by being long.
EXEMPT = {
    "units.py": "conversions: the only file that knows how long a month is",
    "chance.py": "the constants of Philox, tested against its published vectors",
    "skeleton/tableau.py": "the Butcher tableau of the integrator, tested by its order conditions",
    "skeleton/kernel.py": "step control of the integrator, tested against another solver; no bone in it",
    "person/notation_words.py": "words for numbers and times in prescriptions: tid is three a day",
    "adapters/fhir/doses.py": "words for numbers and times in prescriptions: tid is three a day",
}

# Folders of the same kind: places and sizes on a picture are no parameters of a model.
EXEMPT_FOLDERS = ("reporting/pictures/", "drawing/", "lab/pages/")
# In the web app a whole number that is a status of the protocol (RFC 9110) is that status.
STATUSES = frozenset(int(each) for each in HTTPStatus)

STRUCTURE = frozenset({0, 1, 2, 0.5})
PER_CENT = 100
EXPLAINED = re.compile(r"#.*\bnot a parameter: \S+")
WHAT_TO_DO = (
    "Move the number to src/trabecula/evidence/data/parameters/<area>.yaml and read it as evidence[...]; a"
    " conversion goes to units.py; for structure, end the line with `# not a parameter: <what it is>`."
)
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
COUNTING_CALLS = frozenset({"range", "zeros", "ones", "empty", "reshape"})
COUNTING_WORDS = frozenset({"axis", "maxsize", "max_length", "min_length", "indent", "width", "decimals"})
Parents = tuple[ast.AST, ...]


def hidden_numbers(code: str) -> Iterator[tuple[int, float]]:
    """(line, number) of each number that may be a parameter in disguise."""
    lines = code.splitlines()
    for number, parents in numbers(ast.parse(code)):
        explained = any(EXPLAINED.search(line) for line in lines_of(number, parents, lines))
        if not explained and not is_structure(number, parents):
            yield number.lineno, number.value


def numbers(node: ast.AST, parents: Parents = ()) -> Iterator[tuple[ast.Constant, Parents]]:
    """Each number in a tree with the nodes it stands in, the nearest first."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, parents
    for child in ast.iter_child_nodes(node):
        yield from numbers(child, (node, *parents))


def lines_of(number: ast.Constant, parents: Parents, lines: list[str]) -> Iterator[str]:
    """Where a number may be explained: its line, its statement's ends, above the statement or function."""
    yield lines[number.lineno - 1]
    for node in parents:
        if isinstance(node, SIMPLE):
            yield from (lines[node.lineno - 1], lines[(node.end_lineno or node.lineno) - 1])
        if isinstance(node, (*SIMPLE, ast.FunctionDef)):
            first = min(each.lineno for each in (node, *getattr(node, "decorator_list", ())))
            above = lines[first - 2].strip() if first > 1 else ""
            yield above if above.startswith("#") else ""


def is_structure(number: ast.Constant, parents: Parents) -> bool:
    """Whether a number is structure by where it stands."""
    if number.value in STRUCTURE:
        return True
    near = next((node for node in parents if not isinstance(node, ast.UnaryOp)), None)
    if number.value == PER_CENT and isinstance(near, ast.BinOp):
        return isinstance(near.op, ast.Mult | ast.Div)
    return isinstance(number.value, int) and counts(number, parents)


def counts(number: ast.Constant, parents: Parents) -> bool:
    """Whether a whole number picks, counts or sizes something."""
    child: ast.AST = number
    for node in parents:
        if isinstance(node, ast.Subscript):
            return child is node.slice
        if isinstance(node, ast.keyword) and node.arg in COUNTING_WORDS:
            return True
        if isinstance(node, ast.Call):
            return name_of(node.func) in COUNTING_CALLS or is_digits(node, child)
        if isinstance(node, ast.Compare):
            return any(is_length(side) for side in (node.left, *node.comparators))
        if isinstance(node, ast.stmt | ast.List | ast.Dict):
            return False
        child = node
    return False


def is_digits(call: ast.Call, argument: ast.AST) -> bool:
    """Whether an argument is how many digits are kept: `round(x, 3)` or `x.round(3)`."""
    method = isinstance(call.func, ast.Attribute)
    return name_of(call.func) == "round" and argument in call.args[0 if method else 1 :]


def is_length(node: ast.AST) -> bool:
    """Whether something is a length or a shape."""
    called = isinstance(node, ast.Call) and name_of(node.func) == "len"
    return called or name_of(node) in ("shape", "ndim", "size")


def name_of(node: ast.AST) -> str:
    """The last word of a name: `zeros` of `np.zeros`."""
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def complaints(file: Path) -> list[str]:
    """The hidden numbers of a file, as they are shown."""
    place, web = file.relative_to(SOURCE.parents[1]), "web" in file.parts
    found = hidden_numbers(file.read_text(encoding="utf-8"))
    return [f"{place}:{line}: {value}" for line, value in found if not (web and value in STATUSES)]


def test_no_number_of_the_model_hides_in_the_code():
    """Every number in the source is structure, or says what it is, or is in the registry."""
    every = {str(file.relative_to(SOURCE)): file for file in sorted(SOURCE.rglob("*.py"))}
    files = [
        file for name, file in every.items() if name not in EXEMPT and not name.startswith(EXEMPT_FOLDERS)
    ]
    found = [complaint for file in files for complaint in complaints(file)]
    assert not found, "\n".join([f"{len(found)} numbers may be parameters in disguise:", *found, WHAT_TO_DO])


def test_files_on_the_list_need_to_be_there():
    """A file that exists and has no such numbers does not belong on the list."""
    for name in EXEMPT:
        if (SOURCE / name).exists():
            assert list(hidden_numbers((SOURCE / name).read_text(encoding="utf-8"))), name


@pytest.mark.parametrize(
    "code",
    [
        "rr = 1.77",
        "rr: float = 1.77",
        "def risk(rr: float = 1.77): ...",
        "hazard = base * 1.77",
        "hazard = base * -3",
        "if age_y > 50: pass",
        "rates = [0.1, 0.2]",
        "RATES = {'hip': 3}",
        "x = y ** 1.5",
        "x = f(100)",
        "x = 100 + y",
        "x = rate[f(3)]",
        "x = [3, 4][i]",
        "x = 1e-9  # small",
        "x = 1e-9  # not a parameter:",
        "x = round(3.7)",
        "x = table[f(age, 3)]",
        "x = np.exp(3)",
        "ok = risk < 3",
        "x = f(width=1.5)",
        "# a guess\nx = 1.77",
        "x = 3  # not a parameter: a count\ny = 1.77",
    ],
)
def test_a_parameter_in_disguise_is_found(code):
    """However it is dressed."""
    assert list(hidden_numbers(code))


@pytest.mark.parametrize(
    "code",
    [
        "x = 0 if y else -1.0",
        "x = 1 - y / 2",
        "middle = 0.5 * (a + b)",
        "share = 100 * x",
        "x = per_cent / 100.0",
        "x = words[3]",
        "x = words[-3:]",
        "x = table[:, 3]",
        "x = round(y, 3)",
        "x = y.round(3)",
        "text = '1.77'",
        "flag = True",
        "x = np.zeros((n, 3))",
        "P, C = range(0, 8 * LANES, LANES)",
        "ok = len(x) == 3 and x.shape != (k, 3)",
        "@lru_cache(maxsize=512)\ndef f(): ...",
        "# not a parameter: Taylor coefficients\ndef f(x):\n    y = x / 24.0\n    return y / 120.0",
        "# not a parameter: smallest step\nx = 1e-9",
        "tolerance = 1e-9  # not a parameter: smallest step",
        "sizes = {\n    'wide': 80,\n}  # not a parameter: columns on screen",
    ],
)
def test_structure_passes(code):
    """What is no parameter is left alone."""
    assert list(hidden_numbers(code)) == []


def test_the_place_and_the_number_are_shown(tmp_path, monkeypatch):
    """The message leads to the line."""
    file = tmp_path / "src" / "trabecula" / "falls.py"
    file.parent.mkdir(parents=True)
    file.write_text('"""Falls."""\n\nrr = 1.77\n', encoding="utf-8")
    monkeypatch.setitem(globals(), "SOURCE", file.parent)
    assert complaints(file) == ["src/trabecula/falls.py:3: 1.77"]
