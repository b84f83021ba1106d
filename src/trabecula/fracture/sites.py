"""Where bones break, how sites are grouped, and which measured bone speaks for which site."""

SITES = ("hip", "femoral_shaft", "spine", "forearm", "humerus", "pelvis", "tibia_ankle", "other")

GROUPS: dict[str, tuple[str, ...]] = {
    "hip": ("hip",),
    "major_osteoporotic": ("hip", "spine", "forearm", "humerus"),
    "any": SITES,
}

BONE_SITES = ("lumbar_spine", "femoral_neck", "total_hip")

BONE_OF: dict[str, str] = {
    "hip": "femoral_neck",
    "femoral_shaft": "total_hip",
    "spine": "lumbar_spine",
    "forearm": "femoral_neck",
    "humerus": "femoral_neck",
    "pelvis": "total_hip",
    "tibia_ankle": "femoral_neck",
    "other": "femoral_neck",
}
"""The density that a site's fractures are predicted from."""

MAJOR_SITES = frozenset({"hip", "spine", "forearm", "humerus", "pelvis"})
"""A previous fracture here foretells the next one fully; elsewhere less."""

SEX_GROUP = {"female": "women", "male": "men"}
"""How the registry names the sexes of a population."""
