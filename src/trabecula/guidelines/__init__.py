"""What published guidelines say of a person: facts in, advice out, side by side."""

from trabecula.guidelines.category import GuidelineCategory, category
from trabecula.guidelines.conditions import Truth
from trabecula.guidelines.engine import UnknownGuideline, advise, chosen, to_show
from trabecula.guidelines.facts import Facts, MedicineUse, Range
from trabecula.guidelines.order import order_for
from trabecula.guidelines.reading import GuidelineError, shipped
from trabecula.guidelines.records import Advice, FactAnswer, Guideline, Missing, Reason, Rule
