"""What the validation page says in words: blocks, roles, the rule of agreement, and what stays open."""

from trabecula.drawing.page import Item

BLOCKS = {
    "acute": "Days and weeks after steroid pulses",
    "oral": "Steroid tablets over months and years",
    "ageing": "Ageing and menopause",
    "drugs": "Bone medicines",
    "drugs_on_steroids": "Bone medicines on steroids",
    "unloading": "Bed rest and paralysis",
    "exercise": "Exercise",
    "nutrition": "Calcium and vitamin D",
    "ms": "Multiple sclerosis",
    "falls": "Falls, and from falls to fractures",
    "population": "Fractures without MS",
    "probabilities": "Published probabilities of the United Kingdom",
    "steroid_fractures": "Fractures on daily steroids",
    "deaths": "Death after a hip fracture",
    "drug_fractures": "Fractures in trials of bone medicines",
    "registers": "Fractures in registers of MS",
}
"""In the order of the page."""

ABOUT = (
    "Every study here was lived through by virtual people who resemble those who took part, arm by arm, and then read"
    " as the paper read its own. The page is made by `trabecula reproduce --format html`, which shows every comparison"
    " it makes, the misses first. Trabecula is not a medical device."
)

ROLES = (
    Item(
        "Predicted",
        "nobody adjusts the model to it. Only these say how well the model does where it has not looked. The split was"
        " written down before any result was seen.",
    ),
    Item(
        "Fitted",
        "the model may be adjusted to it. Agreement shows that the equations can bend that far, and no more. What the"
        " first fit, the prototype, saw counts as fitted for ever, and is marked as seen.",
    ),
)

RULE = (
    "A finding with a number is met when |z| ≤ 1.96, where z = (model − published) / √(SE² + τ²). The model's number is"
    " the median of its draws; its band is shown, and does not make a miss any smaller. The split, the exclusions and"
    " the rule were fixed before the first run; the rule was corrected once after it, and both results are printed in"
    " `docs/decisions/0004-tolerance-and-split.md`. Between changes of structure the misses of predicted findings were"
    " seen too, so the predicted share is no longer blind to the structure, only to the fit."
)
RULE_PARTS = (
    Item(
        "SE",
        "the standard error of the published mean. **Printed**: from its interval, its SE, or an SD over the root of n."
        " **Imputed**: for a bare mean, from how much people usually differ, over the root of n. The spread between"
        " people is never taken for a standard error.",
    ),
    Item(
        "τ",
        "how far a model may differ beyond chance, one number for a class of quantity; the table has them.",
    ),
    Item(
        "Direction",
        "a finding without a number is met when the model goes the way that was printed; “no change” is met within one"
        " τ. These are counted apart.",
    ),
    Item(
        "What counts double",
        "findings of one study share people, scanner and authors; a share over findings is not a share over"
        " independent trials.",
    ),
)

RISKS_ABOUT = "These are open whatever the counts above say."
RISKS = (
    Item(
        "After a pulse, does resorption rise or fall?",
        "Published studies disagree, and the parameter that decides it spreads to both sides. What the page shows for"
        " CTX after pulses is the middle of a disagreement.",
    ),
    Item(
        "Steroids and disability come together.",
        "Whoever has more relapses gets more steroids and walks less. Outside trials no study separates the two, so"
        " agreement with such a study is agreement with the mixture, and says little about either cause.",
    ),
    Item(
        "The people of the trials are other people.",
        "Trials of bone medicines are mostly trials in postmenopausal white women. For premenopausal women, men and"
        " people who are not white there is hardly one to compare with.",
    ),
    Item(
        "Different numbers can fit equally well.",
        "The model has more free parameters than these findings can pin down. A good fit does not show that the"
        " mechanism behind it is the right one.",
    ),
    Item(
        "Density is not strength.",
        "Steroids and disease weaken bone in ways that a scan does not see. A page of densities, however good, does not"
        " validate a single fracture.",
    ),
    Item(
        "Femoral neck and total hip are one in part.",
        "By assumption the neck is renewed at the speed of the total hip. Agreement at both is not two confirmations.",
    ),
)
