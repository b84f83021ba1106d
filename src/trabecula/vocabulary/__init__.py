"""One row per thing of the field, for all rooms: what it is called, how it is known, and what is true of it.

BONE_DRUGS["denosumab"].name is a message; BONE_DRUGS["denosumab"].given.dose is the id of a parameter.
"""

from trabecula.vocabulary.countries import (
    COUNTRIES,
    CountryKey,
    TerritoryCode,
    country_called,
    country_name,
    default_country,
    rates_of,
    stand_in_note,
    tables_for,
    territories,
)
from trabecula.vocabulary.drugs import (
    BONE_DRUGS,
    CLASSES,
    DISEASE_MODIFYING,
    HORMONES,
    OTHER_DRUGS,
    STEROIDS,
    BoneDrug,
    ClassName,
    Contraindication,
    GlucocorticoidName,
    Route,
    Substance,
    bone_classes,
    class_of,
    drug_name,
    generic_name,
    guideline_classes,
    known_medicine,
    medicine_names,
    medicines,
    ranked_classes,
    supplements,
    unnamed_steroid,
)
from trabecula.vocabulary.laboratory import LABORATORY
from trabecula.vocabulary.risk_factors import RISK_FACTORS, factor_effects, fall_effects
from trabecula.vocabulary.rows import (
    Code,
    Concept,
    ConceptTable,
    FindingId,
    OneOf,
    ParameterId,
    VocabularyError,
    codes_of,
    named_ids,
    needed_ids,
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
