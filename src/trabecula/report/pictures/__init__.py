"""Pictures of an assessment: SVG that can stand in any page, each with its numbers in a table.

drawing = trajectory(assessment, language("en"))
drawing.svg, drawing.table

The same data give the same bytes; nothing is told by colour alone; the colours are attributes, so that the style sheet
of a page can change them in the dark. Pictures with axes need matplotlib (`pip install "trabecula[report]"`), which is
imported when the first one is drawn.
"""

from trabecula.report.pictures.bars import MANY, beside
from trabecula.report.pictures.causes import causes
from trabecula.report.pictures.drawing import Data, Drawing
from trabecula.report.pictures.events import Events, events
from trabecula.report.pictures.people import main_risk, people
from trabecula.report.pictures.plans import plans
from trabecula.report.pictures.risks import risks_over_time
from trabecula.report.pictures.trajectory import trajectory
from trabecula.report.pictures.turnover import turnover
from trabecula.report.pictures.why import why

__all__ = [
    "MANY",
    "Data",
    "Drawing",
    "Events",
    "beside",
    "causes",
    "events",
    "main_risk",
    "people",
    "plans",
    "risks_over_time",
    "trajectory",
    "turnover",
    "why",
]
