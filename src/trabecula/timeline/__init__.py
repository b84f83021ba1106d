"""Person to timeline: what acts on a skeleton, piecewise in time.

    timeline = build_timeline(person, evidence, on=date(2026, 11, 22), until=date(2036, 11, 22))
    timeline.edss_at(days), timeline.flag_at(days, timeline.wheelchair)

To plan is to change the person (another course, another medicine) and to build again.
"""

from trabecula.timeline.build import build_timeline
from trabecula.timeline.disability import AIDS, EdssFuture
from trabecula.timeline.medicines import Bolus
from trabecula.timeline.record import Assumption, Timeline
