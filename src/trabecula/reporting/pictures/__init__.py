"""Pictures of an assessment: SVG that can stand in any page, each with its numbers in a table.

drawing = trajectory(assessment, language("en"))
drawing.svg, drawing.table

The same data give the same bytes; nothing is told by colour alone; the colours are attributes, so that the style sheet
of a page can change them in the dark. `drawing.figure` is a picture with axes in the hands of matplotlib (the extra
`report`), which is imported when somebody asks for it.
"""

from trabecula.drawing.picture import Data, Drawing
from trabecula.reporting.pictures.bars import beside, end_of_scale, why
from trabecula.reporting.pictures.causes import causes
from trabecula.reporting.pictures.events import Events, events
from trabecula.reporting.pictures.people import average_people, main_risk, people
from trabecula.reporting.pictures.plans import plans
from trabecula.reporting.pictures.risks import risks_over_time
from trabecula.reporting.pictures.shares import shares
from trabecula.reporting.pictures.trajectory import trajectory
from trabecula.reporting.pictures.turnover import turnover
