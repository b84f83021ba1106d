"""One person, answered: where the bones are, where they are going, what could break and when."""

from trabecula.assess.answer import assess
from trabecula.assess.record import STATEMENT, Assessment, Interval, assessment_schema

__all__ = ["STATEMENT", "Assessment", "Interval", "assess", "assessment_schema"]
