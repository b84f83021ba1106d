"""What the page about the simulated registers says of a site that lies outside the published range."""

_FALLS = (
    "the falls of people who still walk, from EDSS 3.5 on. Their rate is that of volunteers of fall studies, and"
    " nothing in the model says that people in a register fall less than volunteers. Below EDSS 3 people fall little"
    " more than others, and the exponent is no likely cause: people with Parkinson's disease, who fall as often, break"
    " more hips than it says"
)
TOO_HIGH = {
    "any": f"{_FALLS}.",
    "spine": (
        "the density of the spine of people who sit, which the model thins although cord injury leaves it, and the"
        " falls, as for any fracture; spine fractures of people who sit may be found less often."
    ),
    "humerus": "the falls, as for any fracture.",
    "hip": (
        "the density. The model thins the hip of people who no longer walk more than that of anybody who was measured;"
        " what sitting changes about fractures is in the model, from people without MS."
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
