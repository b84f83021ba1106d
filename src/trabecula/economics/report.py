"""The report of an evaluation, in Markdown: what a paper's tables need, and the checklists answered item by item."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from trabecula.data_files import read_mapping

_CHECKLISTS = Path(__file__).parent / "data" / "checklists.yaml"
_TITLES = {"cheers_2022": "CHEERS 2022", "esceo_iof": "ESCEO and IOF, evaluations in osteoporosis"}
_EXPECTED = (
    "A fracture of the future does not raise the chance of the next one here: costs and losses are rather too small in"
    " people at high risk.",
    "Everyone who takes a plan takes it as the plan says, from the first day to its end; persistence is a second run"
    " with another `taken_by`.",
)
"""Limits where events are expected."""
_COUNTED = (
    "Intervals are those of the economic parameters, and of the draws that were lived through: what chance does to"
    " counts is in the report of the population, and small differences want more people.",
    "Ages are the middles of bands of ten years.",
)
"""Limits where events were counted."""
_LIMITS = (
    "Side effects of medicines cost nothing and take no quality of life.",
    "Costs of MS itself are the same in every strategy while people are alive, and are left out; so are those of years"
    " that are gained.",
)
_SHOWN = 10
"""Bars and parts in the tables."""


def report(found: Mapping[str, Any]) -> str:
    """The report, of what `summary` found."""
    parts = (
        _head,
        _results,
        _costs,
        _acceptability,
        _information,
        _one_at_a_time,
        _published,
        _inputs,
        _limits,
        _checklists,
    )
    return "\n".join(line for part in parts for line in (*part(found), "")).rstrip() + "\n"


def _head(found: Mapping[str, Any]) -> Iterator[str]:
    """What was asked."""
    yield f"# {found['title']}"
    yield ""
    if found["question"]:
        yield f"{found['question']}"
        yield ""
    people = ", ".join(f"{one['file']} ({one['share']:.0%})" for one in found["people"])
    rates = f"{found['discount_costs']:.1%} (costs) and {found['discount_qalys']:.1%} (QALYs)"
    yield (
        f"{found['country']}, {found['currency']} of {found['price_year']}, {found['perspective']},"
        f" {found['horizon_y']} years, discounted by {rates}. People: {people}. Events: {found['way']}."
        f" {found['draws']} draws, seed {found['seed']}, Trabecula {found['version']}."
    )
    if found["half_width"] is not None:
        yield ""
        yield (
            f"{found['lived_through']} people were lived through. By them the net benefit of what one would choose over"
            f" the next best is known to {found['half_width']:.2g} {found['currency']} a person, give or take (90 %)."
        )


def _results(found: Mapping[str, Any]) -> Iterator[str]:
    """The incremental analysis, and fractures beside it."""
    money = found["currency"]
    yield "## Incremental analysis"
    yield ""
    yield f"Per person, discounted; means over the draws with 90 % intervals. Ratio: {money} per QALY on the frontier."
    yield ""
    yield f"| Strategy | Cost [{money}] | QALYs | Against | More cost | More QALYs | Ratio | Standing |"
    yield "|---|---|---|---|---|---|---|---|"
    by_name = {one["name"]: one for one in found["strategies"]}
    for step in found["incremental"]:
        one = by_name[step["strategy"]]
        more = [
            _or_dash(step["more_cost"], ",.0f"),
            _or_dash(step["more_qaly"], ".4f"),
            _or_dash(step["ratio"], ",.0f"),
        ]
        yield (
            f"| {one['name']} | {_interval(one['cost'], ',.0f')} | {_interval(one['qaly'], '.3f')} |"
            f" {step['beside'] or '-'} | {' | '.join(more)} | {step['standing']} |"
        )
    yield ""
    yield "Expected fractures per 1,000 people over the horizon:"
    yield ""
    sites = list(found["strategies"][0]["fractures_per_1000"])
    yield "| Strategy | " + " | ".join(site.replace("_", " ") for site in sites) + " | Life years |"
    yield "|---|" + "---|" * (len(sites) + 1)
    for one in found["strategies"]:
        numbers = [f"{one['fractures_per_1000'][site]['mean']:.0f}" for site in sites]
        yield f"| {one['name']} | {' | '.join(numbers)} | {one['life_years']['mean']:.3f} |"


def _costs(found: Mapping[str, Any]) -> Iterator[str]:
    """Costs by what they are for."""
    kinds = list(found["strategies"][0]["costs"])
    yield "## Costs by category"
    yield ""
    yield f"{found['currency']} per person, discounted means."
    yield ""
    yield "| Strategy | " + " | ".join(kinds) + " |"
    yield "|---|" + "---|" * len(kinds)
    for one in found["strategies"]:
        yield f"| {one['name']} | " + " | ".join(f"{one['costs'][kind]['mean']:,.0f}" for kind in kinds) + " |"


def _acceptability(found: Mapping[str, Any]) -> Iterator[str]:
    """How often each is the best, by what a QALY may cost."""
    curves = found["acceptability"]
    names = list(curves["best"])
    yield "## Acceptability"
    yield ""
    yield "Share of draws in which a strategy has the greatest net benefit; the last column is what one would choose."
    yield ""
    yield f"| {found['currency']} per QALY | " + " | ".join(names) + " | Greatest mean net benefit |"
    yield "|---|" + "---|" * (len(names) + 1)
    for w in range(0, len(curves["thresholds"]), 5):
        shares = [f"{curves['best'][name][w]:.2f}" for name in names]
        yield f"| {curves['thresholds'][w]:,.0f} | {' | '.join(shares)} | {curves['optimal'][w]} |"


def _information(found: Mapping[str, Any]) -> Iterator[str]:
    """What it would be worth to know more."""
    money, known = found["currency"], found["information"]
    yield "## Value of information"
    yield ""
    yield (
        f"At {found['threshold']:,.0f} {money} per QALY it would be worth {known['all']:,.0f} {money} per person to"
        " know everything before deciding. Of single parameters that value, not of those that make risks:"
    )
    yield ""
    yield f"| Parameter | Worth per person [{money}] |"
    yield "|---|---|"
    for name, worth in list(known["parts"].items())[:_SHOWN]:
        yield f"| `{name}` | {worth:,.1f} |"


def _one_at_a_time(found: Mapping[str, Any]) -> Iterator[str]:
    """The tornado as a table."""
    bars, money = found["tornado"], found["currency"]
    yield "## One parameter at a time"
    yield ""
    yield (
        f"Net benefit of {bars['of']} beside {bars['beside']} at {found['threshold']:,.0f} {money} per QALY:"
        f" {bars['base']:,.0f} {money} per person with every value as it is; with one at its 5th and 95th percentile:"
    )
    yield ""
    yield "| Parameter | At its 5th percentile | At its 95th |"
    yield "|---|---|---|"
    for bar in bars["bars"][:_SHOWN]:
        yield f"| `{bar['name']}` | {bar['low']:,.0f} | {bar['high']:,.0f} |"


def _inputs(found: Mapping[str, Any]) -> Iterator[str]:
    """Costs with their year and sources, and what is assumed."""
    yield "## Costs on record"
    yield ""
    yield "| Cost | Value as on record | Price year | How the year is known | Sources |"
    yield "|---|---|---|---|---|"
    for cost in found["costs_used"]:
        value = cost["value"]
        shown = ", ".join(f"{v:,.2f}" for v in value) if isinstance(value, list | tuple) else f"{value:,.2f}"
        sources = "; ".join(cost["sources"]) or "assumed"
        yield f"| {cost['name']} | {shown} {cost['unit']} | {cost['price_year']} | {cost['year_known']} | {sources} |"
    yield ""
    yield "Assumed, with the reason:"
    yield ""
    for name, why in found["assumed"].items():
        yield f"- `{name}`: {why}"


def _published(found: Mapping[str, Any]) -> Iterator[str]:
    """Published results beside the run's own."""
    yield "## Published results beside"
    yield ""
    yield "Of other people and services: no targets, but what a reader will hold beside these numbers."
    yield ""
    yield "| What | Value | People | Source |"
    yield "|---|---|---|---|"
    for row in found["published"]:
        yield f"| {row['quantity']} | {row['value']:,.4g} {row['unit']} | {row['people']} | {row['source']} |"


def _limits(found: Mapping[str, Any]) -> Iterator[str]:
    """What a reader has to know."""
    yield "## Limits"
    yield ""
    for limit in (*(_COUNTED if found["counted"] else _EXPECTED), *_LIMITS):
        yield f"- {limit}"


def _checklists(found: Mapping[str, Any]) -> Iterator[str]:
    """The reporting standards, answered."""
    filled = {key: value for key, value in found.items() if not isinstance(value, list | dict)}
    filled["people"] = "; ".join(f"{one['file']} stands for {one['share']:.0%}" for one in found["people"])
    filled["strategies"] = "; ".join(one["name"] for one in found["strategies"])
    filled["taken_by"] = "; ".join(f"{one['name']} {one['taken_by']:.0%}" for one in found["strategies"])
    filled |= {name: f"{found[name]:.1%}" for name in ("discount_costs", "discount_qalys")}
    for name, items in read_mapping(_CHECKLISTS).items():
        yield f"## {_TITLES[name]}"
        yield ""
        yield "| | Item | Answer |"
        yield "|---|---|---|"
        for number, item in enumerate(items, 1):
            yield f"| {number} | {item['item']} | {item['answer'].format(**filled) or 'Yours.'} |"
        yield ""


def _interval(spread: Mapping[str, float], form: str) -> str:
    """A mean with its interval."""
    return f"{spread['mean']:{form}} ({spread['low']:{form}} to {spread['high']:{form}})"


def _or_dash(value: float | None, form: str) -> str:
    """A number, or a dash."""
    return "-" if value is None else f"{value:{form}}"
