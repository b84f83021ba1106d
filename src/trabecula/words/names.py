"""How sites and markers are called on a page."""

BONES = {
    "lumbar_spine": "Lumbar spine",
    "femoral_neck": "Femoral neck",
    "total_hip": "Total hip",
}

FRACTURES = {
    "hip": "Hip",
    "femoral_shaft": "Femoral shaft",
    "spine": "Spine",
    "forearm": "Forearm",
    "humerus": "Upper arm",
    "pelvis": "Pelvis",
    "tibia_ankle": "Lower leg, ankle",
    "other": "Other bones",
    "major_osteoporotic": "Major osteoporotic",
    "any": "Any bone",
}
"""In the order of the table: single sites from the hip on, then what they make together."""


def named(name: str, names: dict[str, str]) -> str:
    """The name of something; of what is not in the list, its own in plain letters."""
    return names.get(name, name.replace("_", " ").capitalize())


METHODS = {
    "as_printed": "as its source prints it",
    "pooled": "from several findings together",
    "transported": "carried over from another population or quantity",
    "calibrated": "fitted together with others",
    "assumed": "our assumption, with its reason",
}
SPREADS = {
    "lognormal": "of the natural logarithm",
    "logitnormal": "of the logit",
    "normal": "in the unit",
    "beta": "in the unit",
}
"""What the standard deviation of a spread is measured in."""

INTERVALS = {"CI95": "95 % interval", "CI90": "90 % interval"}
