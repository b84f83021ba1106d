"""`trabecula population report`: what a run found, as a page with pictures."""

from pathlib import Path

import click

from trabecula.cli.options import language_option
from trabecula.cli.output import check_installed, refusing, say, write


@click.command(short_help="Report on a run: fractures, and what each scenario averts.")
@click.argument("folder", metavar="DIR")
@click.option("-o", "--output", metavar="FILE", required=True, help="The page (.html).")
@language_option
def report(folder: str, output: str, language: str) -> None:
    """Report on DIR, as trabecula population run has written it: fractures by site, age, sex and year, what each
    scenario averts with its interval, and how many people it takes to tell.

    \b
    Example:
      trabecula population report clinic -o clinic.html
    """
    check_installed("population report", "pyarrow", "jinja2", "matplotlib")
    from trabecula.reporting.population import population_page
    from trabecula.simulation.cells import PopulationRefused
    from trabecula.simulation.summary import read_results

    with refusing(PopulationRefused):
        results = read_results(Path(folder))
    write(population_page(results, language), Path(output))
    say(f"Written to {output}.")
