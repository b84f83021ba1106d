"""No parameter hides in the code: every modelling number stands in the registry, with its reason.

The source is read as a syntax tree, and no comment excuses a number. Everywhere a number may stand that is structure:

- 0, 1, 2 and 0.5, with either sign;
- 100 and 1000 where they multiply or divide (per cent, per thousand, prefixes of units);
- a whole number that counts: an index or slice (`x[3]`), `range(3)`, the shape of an array, a comparison with a
  length or a shape, the digits of `round(x, 3)`, the size of a cache or of a text field.

In the rooms of the model (`MODEL`) that is all: a number is a parameter of the registry. Numerical method needs
numbers too (a tolerance, the order of a quadrature): they are named, as module constants in capitals, in the files of
`NUMERICS`, each with what its numbers are.

In the other rooms powers of ten are structure as well, and any number may stand in a module constant in capitals, which
says by its name what it is. Pictures, pages and the status codes of the web are layout.
"""

import ast
from collections.abc import Iterator
from http import HTTPStatus
from math import log10
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "trabecula"

# Rooms in which a number would change somebody's risk.
MODEL = ("timeline/", "skeleton/", "fracture/", "twin/", "people/", "course.py")

# Files of the model whose constants in capitals are numerical method or software, and what they are.
NUMERICS = {
    "course.py": "how many average people are remembered",
    "fracture/lanes.py": "how numbers are laid out in registers, and the series of an exponential",
    "fracture/mortality.py": "the step of a sum over time",
    "fracture/dependence.py": "a count of parts, and the classes of a sampled population",
    "people/sampling.py": "keeps shares away from 0 and 1, and ages from the absurd",
    "people/luck.py": "keeps shares away from 0 and 1",
    "people/register.py": "how many people are drawn together",
    "people/disease.py": "how many years have numbers of their own",
    "people/history.py": "how many years have numbers of their own, since when, and what a laboratory prints",
    "skeleton/drivers.py": "a quadrature, and what keeps a quantile and a diet without calcium finite",
    "skeleton/equations.py": "counts of states and lanes, and where the kernel stops",
    "skeleton/checks.py": "letters of a message",
    "skeleton/diagnosis.py": "steps in which a failure is looked for",
    "skeleton/cores.py": "how threads share a march",
    "skeleton/batch.py": "how fine single precision is, and how memory is laid out",
    "skeleton/kernel.py": "threads and how many names are said",
    "skeleton/lanes.py": "how numbers are laid out in registers, and the series of exponential and logarithm",
    "timeline/merging.py": "how long a step between edges may be, and what is the same on both sides of one",
    "skeleton/pace.py": "step control of the integrator, tested against another solver",
    "skeleton/program.py": "how much is kept, and how fine single precision is",
    "skeleton/numerics.py": "coefficients of the integrator, tested by their order conditions",
    "timeline/build.py": "the resolution of edges",
    "timeline/occupancy.py": "the order of a quadrature",
    "timeline/record.py": "a birthday that nothing reads",
    "timeline/steroids.py": "the resolution of a float",
    "twin/likelihood.py": "halvings of a bisection",
    "twin/measurements.py": "the error of a number printed with one decimal",
}

# Whole files whose numbers are conversions or published constants.
EXEMPT = {
    "units.py": "conversions: the only file that knows how long a month is",
    "chance.py": "the constants of Philox, tested against its published vectors",
}

# Places and sizes on a picture or a page are no parameters of a model.
LAYOUT = ("reporting/pictures/", "drawing/", "lab/pages/")
# In the web app a whole number that is a status of the protocol (RFC 9110) is that status.
STATUSES = frozenset(int(status) for status in HTTPStatus)

STRUCTURE = frozenset({0, 1, 2, 0.5})
FACTORS = frozenset({100, 1000})
WHAT_TO_DO = (
    "Move the number to src/trabecula/evidence/data/parameters/<area>.yaml and read it as evidence.scalar(...); a"
    " conversion goes to units.py; outside the model, name it as a module constant in capitals; numerical method of the"
    " model does so in a file of NUMERICS."
)
COUNTING_CALLS = frozenset({"range", "zeros", "ones", "empty", "reshape"})
COUNTING_WORDS = frozenset({"axis", "maxsize", "max_length", "min_length", "indent", "width", "decimals"})
Parents = tuple[ast.AST, ...]


def hidden_numbers(code: str, name: str) -> Iterator[tuple[int, float]]:
    """(line, number) of each number of a file that may be a parameter in disguise."""
    model = name.startswith(MODEL)
    constants = not model or name in NUMERICS
    for number, parents in numbers(ast.parse(code)):
        structure = is_structure(number, parents) or (not model and is_power_of_ten(number.value))
        if not structure and not (constants and is_constant(parents)):
            yield number.lineno, number.value


def numbers(node: ast.AST, parents: Parents = ()) -> Iterator[tuple[ast.Constant, Parents]]:
    """Each number in a tree with the nodes it stands in, the nearest first."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield node, parents
    for child in ast.iter_child_nodes(node):
        yield from numbers(child, (node, *parents))


def is_constant(parents: Parents) -> bool:
    """Whether a number stands in a module constant in capitals."""
    if len(parents) < 2 or not isinstance(parents[-2], ast.Assign | ast.AnnAssign):
        return False
    statement = parents[-2]
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(word.isupper() for target in targets for word in words_of(target))


def words_of(target: ast.AST) -> Iterator[str]:
    """The names that are assigned to: of `A[1, :2] = ...` it is A."""
    if isinstance(target, ast.Tuple):
        for part in target.elts:
            yield from words_of(part)
    elif isinstance(target, ast.Subscript):
        yield from words_of(target.value)
    else:
        yield name_of(target)


def is_power_of_ten(value: float) -> bool:
    """10, 0.01, 1e-9."""
    return value > 0 and abs(log10(value) - round(log10(value))) < 1e-9


def is_structure(number: ast.Constant, parents: Parents) -> bool:
    """Whether a number is structure by where it stands."""
    if number.value in STRUCTURE:
        return True
    near = next((node for node in parents if not isinstance(node, ast.UnaryOp)), None)
    if number.value in FACTORS and isinstance(near, ast.BinOp):
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
    name = file.relative_to(SOURCE).as_posix()
    if name in EXEMPT or name.startswith(LAYOUT):
        return []
    found = hidden_numbers(file.read_text(encoding="utf-8"), name)
    web = name.startswith("web/")
    return [f"src/trabecula/{name}:{line}: {value}" for line, value in found if not (web and value in STATUSES)]


def test_no_number_of_the_model_hides_in_the_code():
    """Every number in the source is structure, or a named constant where it may be one, or is in the registry."""
    found = [complaint for file in sorted(SOURCE.rglob("*.py")) for complaint in complaints(file)]
    assert not found, "\n".join([f"{len(found)} numbers may be parameters in disguise:", *found, WHAT_TO_DO])


def test_files_on_the_list_need_to_be_there(monkeypatch):
    """A file that exists and names no number of its method does not belong on the list."""
    listed = [name for name in NUMERICS if (SOURCE / name).exists()]
    monkeypatch.setitem(globals(), "NUMERICS", {})
    for name in listed:
        assert complaints(SOURCE / name), name


HIDDEN = [
    "rr = 1.77",
    "rr: float = 1.77",
    "def risk(rr: float = 1.77): ...",
    "hazard = base * 1.77",
    "hazard = base * -3",
    "if age_y > 50: pass",
    "rates = [0.1, 0.2]",
    "x = y ** 1.5",
    "x = f(101)",
    "x = 105 + y",
    "x = [3, 4][i]",
    "x = 3e-9  # small",
    "x = 1.77  # not a parameter: a guess",
    "x = round(3.7)",
    "x = table[f(age, 3)]",
    "x = np.exp(3)",
    "ok = risk < 3",
    "x = f(width=1.5)",
    "def f():\n    RR = 1.77",
    "class Hip:\n    RR = 1.77",
]

STRUCTURAL = [
    "x = 0 if y else -1.0",
    "x = 1 - y / 2",
    "middle = 0.5 * (a + b)",
    "share = 100 * x",
    "x = per_cent / 100.0",
    "x = metres * 1000",
    "x = words[3]",
    "x = words[-3:]",
    "x = table[:, 3]",
    "x = round(y, 3)",
    "x = y.round(3)",
    "text = '1.77'",
    "text = f'{x:.3f}'",
    "flag = True",
    "x = np.zeros((n, 3))",
    "P, C = range(0, 8 * LANES, LANES)",
    "ok = len(x) == 3 and x.shape != (k, 3)",
    "@lru_cache(maxsize=512)\ndef f(): ...",
]

NAMED = [
    "TOLERANCE = 3e-9",
    "_SIZES = {'wide': 80}",
    "FEWEST, MOST = 20, 500",
    "A[1, :2] = 0.25, 0.75",
    "_ROUND: float = 0.1 / sqrt(12.0)",
]


@pytest.mark.parametrize("room", ["fracture/falls.py", "skeleton/kernel.py", "assessment/answer.py"])
@pytest.mark.parametrize("code", HIDDEN)
def test_a_parameter_in_disguise_is_found(code, room):
    """However it is dressed, in every room; a comment is no excuse."""
    assert list(hidden_numbers(code, room))


@pytest.mark.parametrize("code", STRUCTURAL)
def test_structure_passes(code):
    """What is no parameter is left alone, even in the rooms of the model."""
    assert list(hidden_numbers(code, "fracture/falls.py")) == []


@pytest.mark.parametrize("code", NAMED)
def test_a_named_constant_is_a_number_of_method_and_never_one_of_the_model(code):
    """A constant in capitals stands outside the model, or in a file that the list knows."""
    assert list(hidden_numbers(code, "assessment/answer.py")) == []
    assert list(hidden_numbers(code, "skeleton/kernel.py")) == []
    assert list(hidden_numbers(code, "fracture/falls.py"))


def test_powers_of_ten_are_structure_outside_the_model_only():
    """A thousandth may be a rounding in a page; in a hazard it may be a rate."""
    assert list(hidden_numbers("x = y + 0.001", "assessment/answer.py")) == []
    assert list(hidden_numbers("x = y + 0.001", "fracture/falls.py"))


def test_the_place_and_the_number_are_shown(tmp_path, monkeypatch):
    """The message leads to the line."""
    file = tmp_path / "src" / "trabecula" / "falls.py"
    file.parent.mkdir(parents=True)
    file.write_text('"""Falls."""\n\nrr = 1.77\n', encoding="utf-8")
    monkeypatch.setitem(globals(), "SOURCE", file.parent)
    assert complaints(file) == ["src/trabecula/falls.py:3: 1.77"]
