"""`trabecula schema`: the formats of a record, of an answer and of a file of strategies.

JSON Schema of what a program may send and gets back, from the same classes that check it.
"""

import json

import click

from trabecula.cli.output import deliver_json


@click.command(short_help="Print the JSON Schema of a record, an assessment or a file of strategies.")
@click.argument("what", type=click.Choice(["person", "assessment", "strategies"]))
def schema(what: str) -> None:
    """Print the JSON Schema of a person's record, of an assessment, or of a file of strategies.

    \b
    Example:
      trabecula schema person > person.schema.json
    """
    deliver_json(json.dumps(_schema(what), indent=2, ensure_ascii=False), None)


def _schema(what: str) -> dict[str, object]:
    """The schema, from whoever owns it; imported here, since an assessment brings the compiler."""
    if what == "person":
        from trabecula.person import person_schema

        return person_schema()
    if what == "strategies":
        from trabecula.economics.strategies import strategies_schema

        return strategies_schema()
    from trabecula.assessment import assessment_schema

    return assessment_schema()
