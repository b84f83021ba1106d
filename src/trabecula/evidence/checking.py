"""Checks that need more than one record: ids, symbols, fits, and findings against parameters."""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from trabecula import vocabulary
from trabecula.evidence.records import Finding, Fit, Parameter, Status


def parameter_set_problems(parameters: Mapping[str, Parameter], fits: Mapping[str, Fit]) -> list[str]:
    """What is wrong with the parameters taken together."""
    problems = [
        f"{each.id}: fit {each.fit!r} is not in fits.yaml (known: {', '.join(fits)})"
        for each in parameters.values()
        if each.fit is not None and each.fit not in fits
    ]
    symbols = (each.symbol for each in parameters.values() if each.symbol)
    problems += [f"symbol {symbol!r} is used by more than one parameter" for symbol in _repeated(symbols)]
    names = [*parameters, *(old for each in parameters.values() for old in each.formerly)]
    return problems + [
        f"id {name!r} is a present and a former id, or a former id twice" for name in _repeated(names)
    ]


def vocabulary_problems(parameters: Mapping[str, Parameter]) -> list[str]:
    """Rows of the vocabulary that name a parameter that does not exist."""
    known = {*parameters, *(old for parameter in parameters.values() for old in parameter.formerly)}
    problems = []
    for file, row, name in vocabulary.named_ids(vocabulary.ParameterId):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0)
            expected = f"the id of a parameter, such as {near[0]}" if near else "the id of a parameter"
            todo = "correct it, or add the parameter to a file in parameters/"
            problems.append(f'{file}, {row}: found the parameter "{name}"; expected {expected}; {todo}')
    return problems


def finding_problems(
    parameters: Mapping[str, Parameter], fits: Mapping[str, Fit], findings: Mapping[str, Finding]
) -> list[str]:
    """Parameters that name a finding that does not exist, or rest on one that was only recalled."""
    problems = []
    for parameter in parameters.values():
        for name in parameter.from_:
            if name not in findings:
                problems.append(f"{parameter.id}: finding {name!r} is in no file of findings/")
            elif findings[name].status is Status.RECALLED and not parameter.assumed:
                problems.append(
                    f"{parameter.id}: finding {name!r} is recalled, so the method must be assumed"
                )
    families = {name for finding in findings for name in _families(finding)}
    return problems + [
        f"fit {fit.id}: {name!r} is neither a finding nor a family of findings"
        for fit in fits.values()
        for name in fit.from_
        if name not in families
    ]


def _families(finding: str) -> Iterable[str]:
    """The finding's own id and every dotted beginning of it."""
    parts = finding.split(".")
    return (".".join(parts[: i + 1]) for i in range(len(parts)))


def _repeated(names: Iterable[str]) -> list[str]:
    """What occurs more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)
