"""`trabecula reproduce`: the model compared with published studies, every miss shown.

Each study is simulated with virtual participants like its own, arm by arm, and its results are set beside theirs.
Nothing is left out of the summary: fitted and predicted findings are counted separately, met or not. Studies
of one's own stand beside ours or instead of them, in the same form, without touching the package.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from trabecula.cli.options import MOST_DRAWS, seed_option, whole_option
from trabecula.cli.output import (
    STDOUT,
    CommandRefused,
    Progress,
    announcing_compilation,
    check_installed,
    check_target,
    deliver_json,
    deliver_page,
    refusing,
    say,
    write,
)

if TYPE_CHECKING:  # imported when the command runs, so that help comes at once
    from trabecula.evidence import Evidence
    from trabecula.lab.pages.agreement import StudyComparison
    from trabecula.lab.studies.collection import StudyCollection
    from trabecula.lab.studies.tolerance import AnyStudy

DRAWS = 24
"""Draws behind the band of an arm."""
FOLDER = "docs/validation"
"""Where the whole page of the package's studies is kept."""
_FEWEST_DRAWS = 2
"""A band has two ends."""
_SUGGESTED = 8
"""Lines of an error message."""


@dataclass(frozen=True)
class ReproduceOptions:
    """Which studies and findings (none named: all), with how many draws, and how to answer."""

    studies: tuple[str, ...]
    form: str
    """table, json or html."""
    draws: int
    seed: int
    output: str | None
    role: str | None
    """fitted or predicted; None for both."""
    folder: str | None
    """Studies of the user's own, if any."""
    findings: str | None
    """What their sources printed."""
    only_mine: bool
    """Whether the package's studies are left out."""

    @property
    def all(self) -> bool:
        """Whether these are the package's studies, with nothing left out."""
        return not self.studies and self.role is None and self.folder is None


@click.command(short_help="Compare the model with published studies.")
@click.argument("studies", metavar="[STUDY]...", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True,
    help="Output format; html writes a folder with a page and its figures.",
)  # fmt: skip
@whole_option("draws", "a number of draws", _FEWEST_DRAWS, MOST_DRAWS, DRAWS, "Number of Monte Carlo draws.")
@seed_option("Random seed for draws and virtual participants; the same seed gives the same result.")
@click.option("--output", metavar="PATH", help=f"Output file, or folder for html [default: {FOLDER}].")
@click.option("--role", type=click.Choice(["fitted", "predicted"]), help="Only findings with this role.")
@click.option("--studies", "folder", metavar="DIR", help="Studies of your own, in the form of ours, beside ours.")
@click.option("--findings", metavar="FILE", help="What their sources printed: a CSV file with the columns of ours.")
@click.option("--only-mine", is_flag=True, help="Leave our studies out.")
def reproduce(
    studies: tuple[str, ...], form: str, draws: int, seed: int, output: str | None, role: str | None,
    folder: str | None, findings: str | None, only_mine: bool,
) -> None:  # fmt: skip
    """Simulate published studies with virtual participants, and compare with the published results.

    STUDY is the id of a study; without one, all are done, which takes some minutes. A finding is met when the model
    lies within tolerance; the summary counts fitted and predicted findings separately.

    \b
    Examples:
      trabecula reproduce zorzon_2005 dovio_2004
      trabecula reproduce --role predicted --format json --output predicted.json
      trabecula reproduce --format html
      trabecula reproduce --studies my_trials --findings my_findings.csv --only-mine
    """
    options = ReproduceOptions(studies, form, draws, seed, output, role, folder, findings, only_mine)
    _check_place(options)
    collection = _collection(options)
    chosen = _chosen(collection.studies, options)
    found = _lived_through(chosen, collection.evidence, options)
    _tell(found, collection, options)


def _check_place(options: ReproduceOptions) -> None:
    """Refuse a place that can't be written, or pictures that can't be drawn, before anything is computed."""
    if options.form != "html":
        check_target(options.output, "", "--output")
        return
    check_installed("--format html", "matplotlib", otherwise="choose --format table or json")
    if options.output is None and not options.all:
        raise CommandRefused(
            f"--format html: found a selection of studies or findings, and {FOLDER} is for the whole page;"
            " name another folder with --output"
        )
    _check_folder(Path(options.output or FOLDER), named=options.output is not None)


def _check_folder(folder: Path, *, named: bool) -> None:
    """A folder that is there, or can be made where its parent is."""
    if folder.exists() and not folder.is_dir():
        raise CommandRefused(f"--output: found {folder}, which is not a folder; expected a folder; choose another")
    if named and not folder.exists() and not folder.parent.is_dir():
        raise CommandRefused(
            f"--output: found the folder {folder.parent}, which does not exist; create it, or choose another"
        )
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not os.access(there, os.W_OK):
        raise CommandRefused(f"--output: found {there}, which is not writable; choose another folder")


def _collection(options: ReproduceOptions) -> "StudyCollection":
    """The studies that are known: the package's, the user's own, or both; everything is checked before it is run."""
    from trabecula.data_files import DataError
    from trabecula.evidence import Evidence
    from trabecula.lab.studies.collection import package_collection, read_collection

    if options.folder is None:
        for option, given in (("--findings", options.findings), ("--only-mine", options.only_mine)):
            if given:
                raise CommandRefused(f"{option}: found no --studies; expected the folder of your studies; name it")
        with refusing(DataError):
            found = package_collection(Evidence.load())
        if not found.studies:
            raise CommandRefused(
                "reproduce: this installation has no study data; install Trabecula from a complete checkout"
            )
        return found
    folder, findings = Path(options.folder), None if options.findings is None else Path(options.findings)
    if not folder.is_dir():
        raise CommandRefused(f"--studies: found {folder}, which is not a folder; expected the folder of your studies")
    if findings is not None and not findings.is_file():
        raise CommandRefused(f"--findings: found {findings}, which is not a file; expected a CSV file of findings")
    with refusing(DataError):
        return read_collection(folder, findings, Evidence.load(), only_mine=options.only_mine)


def _chosen(known: Mapping[str, "AnyStudy"], options: ReproduceOptions) -> dict[str, "AnyStudy"]:
    """The studies to live through: those named, or all, as far as they have findings of the role asked for."""
    names = dict.fromkeys(options.studies or known)
    for name in names:
        if name not in known:
            raise CommandRefused(_unknown(name, known))
    roles = {name: {target.role for target in known[name].targets} for name in names}
    chosen = {name: known[name] for name in names if options.role in (None, *roles[name])}
    if not chosen:
        raise CommandRefused(f"--role: found {options.role}, but no finding of {', '.join(names)} is; leave --role out")
    return chosen


def _unknown(name: str, known: Mapping[str, "AnyStudy"]) -> str:
    """What to say of a study that isn't there: those whose id, title or source has the word, or that is spelt alike."""
    word = name.lower()
    hold = [study for study in known if word in study]
    tell = [id for id, study in known.items() if word in f"{study.title} {study.source}".lower()]
    near = (hold or tell or get_close_matches(word, known, n=_SUGGESTED))[:_SUGGESTED]
    said = "did you mean one of these?" if near else "these are known:"
    lines = "".join(f"\n  {study}" for study in near or known)
    return f'reproduce: found "{name}"; expected the id of a study; {said}{lines}'


def _lived_through(
    chosen: Mapping[str, "AnyStudy"], evidence: "Evidence", options: ReproduceOptions
) -> tuple["StudyComparison", ...]:
    """The studies beside the model, told one by one as they are done; refusals of the model become one message."""
    from trabecula.evidence import EvidenceError
    from trabecula.lab.pages.agreement import by_study
    from trabecula.lab.studies.reproduce import reproduce
    from trabecula.model import Model
    from trabecula.skeleton import DoseRefused, MarchError

    names = [*chosen]
    with announcing_compilation(), refusing(EvidenceError, DoseRefused, MarchError):
        with Progress(names, "studies", "nothing was written") as progress:
            found = reproduce(
                Model(evidence),
                names,
                options.draws,
                options.seed,
                done=lambda study: progress.done(study.id),
                known=chosen,
            )
        return by_study([finding for finding in found if options.role in (None, finding.role)], chosen, evidence)


def _tell(found: Sequence["StudyComparison"], collection: "StudyCollection", options: ReproduceOptions) -> None:
    """Deliver the answer in the form asked for; the summary is always shown."""
    from trabecula.lab.pages.comparisons import comparisons_page, summary_page
    from trabecula.reporting.terminal import to_terminal

    if options.form == "table":
        deliver_page(comparisons_page(found), options.form, options.output)
    elif options.form == "json":
        deliver_json(_json(found), options.output)
    else:
        _write_folder(found, collection, options)
    if options.form != "table" or options.output not in (None, STDOUT):
        say(to_terminal(summary_page(found)))


def _json(found: Sequence["StudyComparison"]) -> str:
    """The comparisons as a list."""
    from trabecula.lab.pages.agreement import as_data

    data = [as_data(line.comparison) for study in found for line in study.lines]
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False)


def _write_folder(found: Sequence["StudyComparison"], collection: "StudyCollection", options: ReproduceOptions) -> None:
    """The page as HTML and as Markdown, its pictures, and the numbers behind them."""
    from trabecula.lab.pages.chapters import cut
    from trabecula.lab.pages.document import document_html, document_markdown
    from trabecula.lab.pages.validation import NOTE, ReproductionRun, validation

    say(f"Drawing {len(found)} pictures ...")
    page = validation(
        ReproductionRun(tuple(found), len(collection.studies), options.draws, options.seed), collection.evidence
    )
    folder = Path(options.output or FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    for picture in page.pictures:
        write(picture.svg, folder / picture.file)
    write(document_html(page, NOTE), folder / "index.html")
    chapters = cut(document_markdown(page, NOTE))
    for name, text in chapters.items():
        write(text, folder / name)
    write(_json(found) + "\n", folder / "results.json")
    say(f"Wrote index.html, {len(chapters)} pages, results.json and {len(page.pictures)} pictures to {folder}.")
    # Pictures of an earlier run are named: a program does not delete what it did not write.
    strangers = sorted({file.name for file in folder.glob("*.svg")} - {picture.file for picture in page.pictures})
    if strangers:
        say(f"Not from this run, left unchanged: {', '.join(strangers)}")
