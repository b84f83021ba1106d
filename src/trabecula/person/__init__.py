"""The person record: who, history, measurements; read strictly, explained kindly."""

from trabecula.person.dates import HistoryDate
from trabecula.person.history import DepotProgestogen, Fall, Fracture, HormoneTherapy, Immobility, Menopause, Pregnancy
from trabecula.person.measurements import (
    Activity,
    BalanceTest,
    DvoRisk,
    Dxa,
    FraxResult,
    Height,
    HipProsthesis,
    Laboratory,
)
from trabecula.person.medicines import InjectedDose, Medicine
from trabecula.person.problems import Problem
from trabecula.person.questions import Question, questions
from trabecula.person.reading import PersonError, Reading, person_schema, read_person, write_person
from trabecula.person.record import Person
from trabecula.person.sclerosis import Aid, Disability, EdssEstimate, MultipleSclerosis, Relapse, edss_of
from trabecula.person.steroids import SteroidCourse, SteroidStep, Taper, TaperStep
