"""The sentences that the rooms below write in English, as translators need them: places in braces hold what varies.

A test assesses people and finds what is missing here.
"""


def N_(message: str) -> str:  # noqa: N802 - the usual name of this mark
    """Marks a message for translators without translating it."""
    return message


MODEL = (
    # who
    N_("Woman of {age}"),
    N_("Man of {age}"),
    N_("clinically isolated syndrome"),
    N_("relapsing MS"),
    N_("secondary progressive MS"),
    N_("primary progressive MS"),
    N_("MS"),
    N_("EDSS {edss}"),
    N_("EDSS unknown"),
    N_("{n} steroid course"),
    N_("{n} steroid courses"),
    N_("{n} bone scan"),
    N_("{n} bone scans"),
    N_("no bone scan"),
    # what is known of disability and steroids
    N_("No MS is recorded."),
    N_("No examination is recorded: the usual course since onset."),
    N_("{what} of {day}, carried on to the day of assessment."),
    N_("Walking"),
    N_("No steroid course is recorded."),
    N_("{n} course since {year}: {amount} in all."),
    N_("{n} courses since {year}: {amount} in all."),
    N_("{one} and {other}"),
    N_("{amount} mg of {drug}"),
    N_("{amount} g of {drug}"),
    N_("methylprednisolone"),
    N_("prednisone"),
    N_("prednisolone"),
    N_("hydrocortisone"),
    N_("dexamethasone"),
    N_("deflazacort"),
    # falls
    N_("The recorded falls and the usual rate for this disability, age and sex."),
    N_("The usual rate for this disability, age and sex; no falls are recorded."),
    # bones
    N_("Lumbar spine"),
    N_("Femoral neck"),
    N_("Total hip"),
    N_("Hip"),
    N_("Femoral shaft"),
    N_("Spine"),
    N_("Forearm"),
    N_("Upper arm"),
    N_("Pelvis"),
    N_("Lower leg, ankle"),
    N_("Other bones"),
    N_("Major osteoporotic"),
    N_("Any bone"),
    # what was missing, what stood in, what that costs
    N_("bone density scan (DXA)"),
    N_("the density of an average woman of this age with this history"),
    N_("the density of an average man of this age with this history"),
    N_("people differ widely at the same age; a scan would narrow the interval most"),
    N_("disability (EDSS, PDDS or walking distance)"),
    N_("the usual course since onset, an EDSS of {edss} today, give or take {sd}"),
    N_("load, falls and survival all follow disability; one answer about walking would narrow all three"),
    N_("translated from what was recorded: {edss} today, give or take {sd}"),
    N_("an examination would narrow falls and load on bone"),
    N_("onset of MS"),
    N_("the usual time before the diagnosis"),
    N_("the usual time before the first record of the disease"),
    N_("little: only the disability between onset and the first examination rests on it"),
    N_("disability and treatment to come"),
    N_(
        "the EDSS rises as in the average person with MS; no relapse and no steroid course beyond those recorded"
    ),
    N_("the EDSS stays as it is; no relapse and no steroid course beyond those recorded"),
    N_("long forecasts rest on it"),
    N_("age at menopause"),
    N_("drawn, again and again, from the ages at which menopause usually comes"),
    N_("the decade after menopause costs the most bone; around 50 its date narrows the interval clearly"),
    N_("{age} years (the usual {usual}, or today's age if that is less)"),
    N_("five years more or less without oestrogen change density by several per cent"),
    N_("steroid courses"),
    N_("none: a recorded relapse does not imply one"),
    N_("little for a few pulses; months of tablets would matter much"),
    N_("relapses"),
    N_("none: a steroid course does not imply one"),
    N_("little: each would unload the hip for some weeks"),
    N_("time course of hydrocortisone, dexamethasone and intramuscular steroids"),
    N_("that of prednisolone tablets, or of an infusion, at the equivalent dose"),
    N_("a few points of the daily effect, in either direction"),
    N_("steroids beyond what has been studied"),
    N_(
        "the effect of lower doses, carried on: in prednisone equivalents up to {grams} g in a year, and up to {days}"
        " days in a row above {dose} mg"
    ),
    N_("unknown: no study of bone comes near it, and the intervals do not hold; check the doses"),
    N_("steroid courses at the same time"),
    N_("all of them are taken and their doses add up; {days} days at the full dose of more than one"),
    N_("much, if one took the place of another or is recorded twice; if so, correct the dates"),
    N_("physical activity"),
    N_("the average of people with the same disability"),
    N_("a few per cent of load on bone; a week with a step counter would tell"),
    N_("dose or interval of {drugs}"),
    N_("as on the label"),
    N_("little, if taken as usual"),
    N_("adherence to {drug}"),
    N_("every dose is taken"),
    N_("half of the doses give clearly less than the full effect; ask"),
    N_("end of {drug}"),
    N_("when its label ends it"),
    N_("little"),
    N_("effect of {drug} on bone"),
    N_("none: it is not modelled"),
    N_("the forecast is too dark while it is taken"),
    N_("vitamin D in blood (25-OH-D)"),
    N_("{level} nmol/L, the average of this age, and more with tablets that are recorded"),
    N_("about one per cent of spine density at most; before denosumab or zoledronate it must be known"),
    N_("calcium intake"),
    N_("{dose} mg a day, the average from food, and tablets that are recorded"),
    N_("about one per cent of spine density at most"),
    N_("months of breastfeeding"),
    N_("{months} after each birth"),
    N_("little: bone returns after weaning"),
    N_("{n} measurements dated after {day}"),
    N_("not used: they were not known on that day"),
    N_("nothing, unless the day of assessment is wrong"),
    N_("country"),
    N_("fracture and death rates of the {country}"),
    N_("fracture rates differ up to threefold between countries"),
    N_("falls in the last year"),
    N_("the usual number for this disability"),
    N_("past falls predict the next best; one question narrows the rate"),
    N_("earlier fractures"),
    N_("the population's average"),
    N_("a recent fracture about doubles the risk"),
    N_("height and weight"),
    N_("a low weight raises the risk of a hip fracture"),
    N_("smoking"),
    N_("parental hip fracture"),
    N_("rheumatoid arthritis"),
    N_("each would move the risk by a tenth to a half"),
    N_("the exact day of {n} entry"),
    N_("the exact day of {n} entries"),
    N_("the middle of the month or year"),
    N_("little, except for a recent steroid course"),
    N_("details of {n} entry"),
    N_("details of {n} entries"),
    N_("the dose may be off by as much"),
    N_("The tablets are not named; they are read as prednisone."),
    N_("The route of {drug} is not given; it is read from the dose."),
    N_("The dose at which the taper begins is not given; a usual one is assumed."),
    N_("The length of the taper is not given; the dates settle it."),
    N_("The length of the taper is not given; a usual one is assumed."),
    N_("No end is given; the course is read as going on."),
    # how to read the numbers
    N_(
        "Several strong risk factors meet in this person. No register follows people like this, and in the registers of"
        " MS the model's chances come out too high: read them as 'clearly raised', not as numbers."
    ),
    N_(
        "The skeleton's parameters are drawn from what published trials leave possible; many are hardly held by them."
    ),
    N_(
        "Calcium and vitamin D move bone density a little, by about one per cent at most. Smoking and alcohol are read"
        " but do not move it."
    ),
    N_(
        "No multiplier for MS is used: what exceeds the average comes from disability, falls and medicines. Together"
        " they may come out too high for people who need an aid to walk."
    ),
    N_(
        "That bone recovers after a short steroid course is in the model, but how much rests on an assumption. Known to"
        " be wrong: people who have taken steroids daily for years lose less than the model says, so that long"
        " forecasts on daily steroids are too pessimistic."
    ),
    N_("Known to be wrong: after denosumab is stopped, resorption overshoots less than in trials."),
    N_("Recorded, but not used in this answer yet: {what}."),
    N_("another cause of osteoporosis"),
    N_("heart attack"),
    N_("radiation of bones"),
    N_("lost height"),
    N_(
        "What was measured in this person leaves as much as {n} of the {of} possible courses; the intervals rest on"
        " these."
    ),
    # what could explain a scan
    N_("another scanner, or another way of placing the person or the region"),
    N_("steroids that are not on file"),
    N_("too little vitamin D"),
    N_("malabsorption such as coeliac disease"),
    N_("an overactive parathyroid or thyroid gland"),
    N_("loss of weight"),
    N_("a medicine that was not taken as written"),
    N_("osteophytes and worn discs, which add up to 14 %"),
    N_("a fractured vertebra within the region"),
    N_("a treatment for bone, or more load on it, that is not on file"),
    # causes
    N_("ageing and hormones"),
    N_("steroid tablets"),
    N_("steroid pulses"),
    N_("less load on bones"),
    N_("falls by MS"),
    N_("calcium and vitamin D"),
    N_("smoking and alcohol"),
    N_("other medicines"),
    N_("As recorded and planned"),
)
