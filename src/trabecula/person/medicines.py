"""Medicines: one generic name, one class, whatever name was written."""

from typing import Annotated, Literal, Self, get_args

from pydantic import model_validator

from trabecula.person.base import Spell, one_of
from trabecula.person.limits import Within
from trabecula.person.periods import Interval, days_between
from trabecula.person.problems import PartProblem, require, show
from trabecula.vocabulary.drugs import STEROIDS
from trabecula.words.message import Message

MedicineClass = Literal[
    "bisphosphonate", "denosumab", "romosozumab", "parathyroid", "serm", "calcium", "vitamin_d",
    "antidepressant", "antiepileptic", "antipsychotic", "antispastic", "opioid", "sedative", "ppi", "dmd",
    "aromatase_inhibitor", "androgen_deprivation", "thyroid", "glitazone", "diuretic", "anticoagulant",
    "walking",
]  # fmt: skip
Glucocorticoid = Literal[
    "prednisone", "prednisolone", "methylprednisolone", "hydrocortisone", "dexamethasone", "deflazacort"
]
GLUCOCORTICOIDS: tuple[Glucocorticoid, ...] = get_args(Glucocorticoid)
"""The six that are in common use; they belong under `steroids`."""
Route = Literal["oral", "iv", "im"]

_NAMES: dict[MedicineClass, str] = {
    "bisphosphonate": "alendronate risedronate ibandronate zoledronate pamidronate etidronate clodronate",
    "denosumab": "denosumab",
    "romosozumab": "romosozumab",
    "parathyroid": "teriparatide abaloparatide",
    "serm": "raloxifene bazedoxifene lasofoxifene tamoxifen",
    "calcium": "calcium",
    "vitamin_d": "cholecalciferol ergocalciferol calcifediol calcitriol alfacalcidol",
    "antidepressant": """
        amitriptyline bupropion citalopram clomipramine desvenlafaxine duloxetine escitalopram fluoxetine
        fluvoxamine imipramine mirtazapine nortriptyline paroxetine sertraline trazodone venlafaxine
        vortioxetine
    """,
    "antiepileptic": """
        carbamazepine gabapentin lacosamide lamotrigine levetiracetam oxcarbazepine phenobarbital phenytoin
        pregabalin primidone topiramate valproate zonisamide
    """,
    "antipsychotic": "aripiprazole haloperidol olanzapine quetiapine risperidone",
    "antispastic": "baclofen dantrolene nabiximols tizanidine",
    "opioid": """
        buprenorphine codeine fentanyl hydrocodone hydromorphone methadone morphine oxycodone tapentadol
        tramadol
    """,
    "sedative": """
        alprazolam clonazepam diazepam eszopiclone lorazepam oxazepam temazepam zolpidem zopiclone
    """,
    "ppi": "dexlansoprazole esomeprazole lansoprazole omeprazole pantoprazole rabeprazole",
    "dmd": """
        alemtuzumab azathioprine cladribine cyclophosphamide dimethyl_fumarate diroximel_fumarate fingolimod
        glatiramer interferon_beta methotrexate mitoxantrone mycophenolate natalizumab ocrelizumab ofatumumab
        ozanimod ponesimod rituximab siponimod teriflunomide ublituximab
    """,
    "aromatase_inhibitor": "anastrozole exemestane letrozole",
    "androgen_deprivation": "bicalutamide degarelix goserelin leuprorelin triptorelin",
    "thyroid": "levothyroxine liothyronine",
    "glitazone": "pioglitazone rosiglitazone",
    "diuretic": "chlortalidone furosemide hydrochlorothiazide indapamide torasemide",
    "anticoagulant": "heparin warfarin",
    "walking": "fampridine",
}

MEDICINE_CLASSES: dict[str, MedicineClass] = {
    name: kind for kind, names in _NAMES.items() for name in names.split()
}
"""Generic name to class. A medicine that is not in it has no effect here, and a question says so."""

OTHER_NAMES: dict[str, str] = {
    "alendronic acid": "alendronate", "alendronate sodium": "alendronate", "fosamax": "alendronate",
    "risedronic acid": "risedronate", "risedronate sodium": "risedronate", "actonel": "risedronate",
    "ibandronic acid": "ibandronate", "boniva": "ibandronate", "bonviva": "ibandronate",
    "zoledronic acid": "zoledronate", "reclast": "zoledronate", "aclasta": "zoledronate",
    "prolia": "denosumab", "evenity": "romosozumab", "forteo": "teriparatide", "tymlos": "abaloparatide",
    "evista": "raloxifene", "colecalciferol": "cholecalciferol", "vitamin d": "cholecalciferol",
    "vitamin d3": "cholecalciferol", "valproic acid": "valproate", "interferon beta": "interferon_beta",
    "interferon beta-1a": "interferon_beta", "interferon beta-1b": "interferon_beta",
    "avonex": "interferon_beta", "rebif": "interferon_beta", "betaferon": "interferon_beta",
    "betaseron": "interferon_beta", "plegridy": "interferon_beta", "peginterferon beta-1a": "interferon_beta",
    "glatiramer acetate": "glatiramer", "copaxone": "glatiramer", "aubagio": "teriflunomide",
    "dimethyl fumarate": "dimethyl_fumarate", "tecfidera": "dimethyl_fumarate",
    "diroximel fumarate": "diroximel_fumarate", "gilenya": "fingolimod", "mavenclad": "cladribine",
    "tysabri": "natalizumab", "ocrevus": "ocrelizumab", "kesimpta": "ofatumumab", "lemtrada": "alemtuzumab",
    "dalfampridine": "fampridine", "leuprolide": "leuprorelin", "sativex": "nabiximols",
}  # fmt: skip
"""Salts, spellings and brand names, read as the generic name."""


def generic_name(drug: str) -> str:
    """The generic name of a medicine as it was written ("Prolia" is denosumab)."""
    plain = " ".join(drug.lower().split())
    return OTHER_NAMES.get(plain, plain)


def medicine_class(drug: str) -> MedicineClass | None:
    """The class of a medicine, or None when it is not known here."""
    return MEDICINE_CLASSES.get(generic_name(drug))


class Medicine(Spell):
    """A medicine other than a glucocorticoid."""

    drug: str
    """The generic name, such as denosumab."""
    dose_mg: Annotated[float, Within("medicine_dose_mg")] | None = None
    """Each dose, in mg."""
    every_days: Annotated[float, Within("medicine_every_days")] | None = None
    """Days from dose to dose: 1 is daily, 7 weekly."""
    per: Interval | None = None
    """The same in words: "8 hours", "day", "6 months"."""
    adherence: Annotated[float, Within("adherence")] | None = None
    """The share of the doses that is taken, 0 to 1."""

    @model_validator(mode="after")
    def _is_no_glucocorticoid(self) -> Self:
        """Glucocorticoids have a place of their own, and a dosing interval is given once."""
        wrong = one_of(self, "every_days", "per", at_least_one=False)
        if self.generic in GLUCOCORTICOIDS:
            expected = Message("expected.a_medicine_other_than_a_glucocorticoid")
            drug = STEROIDS[self.generic].name
            todo = Message("todo.move_it_to_steroids_drug_is", {"drug": drug})
            wrong.append(PartProblem("drug", show(self.drug), expected, todo))
        require(wrong)
        return self

    @property
    def generic(self) -> str:
        """The generic name, whatever name was written."""
        return generic_name(self.drug)

    @property
    def kind(self) -> MedicineClass | None:
        """The class of the medicine, None when it is not known here."""
        return medicine_class(self.drug)

    @property
    def interval_days(self) -> float | None:
        """Days from dose to dose, None when it is not given."""
        return days_between(self.per) if self.per is not None else self.every_days
