"""What the page about the simulated registers says of a site that lies outside the published range."""

_FALLS = (
    "the falls. Their rate is that of volunteers of fall studies, and its exponent that of people without MS who"
    " fell once to a few times a year; neither that people in a register fall less than volunteers nor that those who"
    " fall every week fall more gently is in the model"
)
TOO_HIGH = {
    "any": f"{_FALLS}.",
    "spine": (
        "the falls, as for any fracture; who sits lifts less, and spine fractures of people who sit may be found less"
        " often."
    ),
    "humerus": "the falls, as for any fracture.",
    "hip": (
        "the density. The model thins the hip of people who no longer walk, and the gradient, measured in people who"
        " do, is then followed to its end, where a standard deviation more than triples the risk of somebody of 50."
        " What is missing is that who sits is exposed to fewer falls from standing height onto the hip. And the falls,"
        " as for any fracture."
    ),
}
TOO_LOW = {
    "femoral_shaft": (
        "the shaft of people who do not stand is thinned from within, which density of the hip shows in part only;"
        " spasm and transfers break it with little force. Here it has the density of the total hip."
    ),
    "tibia_ankle": (
        "the tibia below a paralysed knee loses more bone than any site of the model (it borrows the femoral neck), and"
        " ankles are counted with it."
    ),
}
ALWAYS = (
    "What the registers do not print of their people (EDSS, time since onset, steroids) moves the ratios as much as any"
    " parameter does.",
    "Earlier fractures, smoking, weight and other medicines of people with MS are as in the population here.",
    "The comparison of people admitted to hospital in England has no selection by admission.",
    "No parameter was adjusted to these ratios.",
)
