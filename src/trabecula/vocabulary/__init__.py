"""One row per thing of the field, for all rooms: what it is called, how it is known, and what is true of it.

BONE_DRUGS["denosumab"].name is a message; BONE_DRUGS["denosumab"].given.dose is the id of a parameter.
"""

from trabecula.vocabulary.countries import COUNTRIES, CountryKey, country_called, default_country
from trabecula.vocabulary.drugs import (
    BONE_DRUGS,
    CLASSES,
    DISEASE_MODIFYING,
    HORMONES,
    OTHER_DRUGS,
    STEROIDS,
    class_of,
    generic_name,
    medicines,
)
from trabecula.vocabulary.risk_factors import RISK_FACTORS, factor_effects, fall_effects
from trabecula.vocabulary.rows import (
    Code,
    FindingId,
    OneOf,
    ParameterId,
    Row,
    Table,
    VocabularyError,
    codes_of,
    named_ids,
)
from trabecula.vocabulary.sites import (
    FRACTURE_GROUPS,
    FRACTURE_SITES,
    SKELETAL_SITES,
    answered_groups,
    followed_sites,
    pictured_sites,
    simulated_sites,
    site_name,
    sites_of,
    tabled_sites,
)

__all__ = [
    "BONE_DRUGS",
    "CLASSES",
    "COUNTRIES",
    "DISEASE_MODIFYING",
    "FRACTURE_GROUPS",
    "FRACTURE_SITES",
    "HORMONES",
    "OTHER_DRUGS",
    "RISK_FACTORS",
    "SKELETAL_SITES",
    "STEROIDS",
    "Code",
    "CountryKey",
    "FindingId",
    "OneOf",
    "ParameterId",
    "Row",
    "Table",
    "VocabularyError",
    "answered_groups",
    "class_of",
    "codes_of",
    "country_called",
    "default_country",
    "factor_effects",
    "fall_effects",
    "followed_sites",
    "generic_name",
    "medicines",
    "named_ids",
    "pictured_sites",
    "simulated_sites",
    "site_name",
    "sites_of",
    "tabled_sites",
]
