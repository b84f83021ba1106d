"""What people read: pages for a terminal, as Markdown and as HTML, pictures, a calendar. Nothing is simulated here.

page = assessment_page(assessment, code="de")
to_terminal(page, width=80), to_markdown(page)

They are in `reporting.assessment`, `reporting.terminal` and `reporting.markdown`: nothing is imported here, since the
command line asks this room what forms there are before anything is read. `reporting.html` has the pages for clinician
and person, `reporting.advice` those of guidelines, `reporting.plans` those of comparisons, `reporting.evidence` those
of the registry.
"""

from collections.abc import Mapping

_DRAWN = ("jinja2", "matplotlib")
FORMS: Mapping[str, tuple[str, ...]] = {".html": _DRAWN, ".pdf": (*_DRAWN, "weasyprint"), ".md": _DRAWN}
"""The forms of a report, as the name of its file ends, with the packages that each needs."""
LETTER_FORMS: Mapping[str, tuple[str, ...]] = {".html": ("jinja2",), ".pdf": ("jinja2", "weasyprint"), ".txt": ()}
"""The forms of a letter, in the same way."""
ADDRESSEES = ("gp", "dxa", "fls", "dentist")
"""To whom a letter can go: general practice, the DXA unit, the fracture liaison service, the dentist."""
READERS = ("clinician", "person", "both")
"""For whom a report can be."""
