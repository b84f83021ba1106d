"""`trabecula evidence`: what every number rests on.

Whatever id an answer lists can be asked for: a parameter with its findings and the method between them, a finding with
what it is used for, a document with its findings. Without an id: how many rest on what, or what is only assumed.
"""

import json
from typing import TYPE_CHECKING, Any

import click

from trabecula.cli.options import format_option
from trabecula.cli.output import CommandRefused, deliver_json, deliver_page, refusing

if TYPE_CHECKING:  # imported when a command runs
    from trabecula.drawing.page import Page
    from trabecula.evidence import Evidence
    from trabecula.reporting.evidence import Found


@click.command(short_help="Show the evidence behind the numbers.")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--assumed", is_flag=True, help="List assumed parameters, with reasons.")
@format_option(forms=("table", "json"))
def evidence(name: str | None, assumed: bool, form: str) -> None:
    """Print a summary of the evidence, or everything about one parameter, finding or source.

    \b
    Examples:
      trabecula evidence
      trabecula evidence fall.ms.rate
      trabecula evidence --assumed
    """
    from trabecula.evidence import Evidence, EvidenceError

    if name is not None and assumed:
        raise CommandRefused("evidence: found both an ID and --assumed; expected one of them; leave one out")
    with refusing(EvidenceError):
        registry = Evidence.load()
        if form == "json":
            deliver_json(json.dumps(_data(registry, name, assumed), indent=2, ensure_ascii=False), None)
        else:
            deliver_page(_page(registry, name, assumed), form, None)


def _page(registry: "Evidence", name: str | None, assumed: bool) -> "Page":
    """The answer as a page."""
    from trabecula.reporting.evidence import assumed_page, found_page, summary_page

    if name is None:
        return assumed_page(registry) if assumed else summary_page(registry)
    found = _found(registry, name)
    fit = getattr(found.record, "fit", None)
    return found_page(found, registry.fit(fit) if fit else None)


def _data(registry: "Evidence", name: str | None, assumed: bool) -> dict[str, Any]:
    """The answer as data."""
    if name is not None:
        return _record(_found(registry, name))
    if assumed:
        return {"assumed": [registry[id].model_dump(mode="json", by_alias=True) for id in registry.assumed()]}
    from trabecula.reporting.evidence import status_counts

    return {
        "parameters": len(registry), "by_method": registry.summary(), "assumed": len(registry.assumed()),
        "findings": len(registry.findings()), "by_status": status_counts(registry),
    }  # fmt: skip


def _record(found: "Found") -> dict[str, Any]:
    """A record with the findings behind it, their documents, and the parameters that rest on it."""
    return {
        "kind": found.kind,
        "record": found.record.model_dump(mode="json", by_alias=True),
        "findings": [finding.model_dump(mode="json") for finding in found.findings.values()],
        "sources": {name: source.model_dump(mode="json") for name, source in found.sources.items()},
        "used_by": list(found.used_by),
    }


def _found(registry: "Evidence", name: str) -> "Found":
    """The record, or a refusal that names the nearest."""
    from trabecula.reporting.evidence import look_up, nearest

    if found := look_up(registry, name):
        return found
    near = nearest(registry, name)
    hint = "".join(f"\n  {id}" for id in near)
    raise CommandRefused(
        f'evidence: found "{name}"; expected the id of a parameter, a finding or a document; '
        + (f"did you mean one of these?{hint}" if near else "an assessment in JSON lists the ids it used")
    )
