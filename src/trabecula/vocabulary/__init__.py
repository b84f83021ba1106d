"""One row per thing of the field, for all rooms: what it is called, how it is known, and what is true of it.

BONE_DRUGS["denosumab"].name is a message; BONE_DRUGS["denosumab"].given.dose is the id of a parameter.
"""

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

__all__ = [
    "BONE_DRUGS",
    "CLASSES",
    "DISEASE_MODIFYING",
    "HORMONES",
    "OTHER_DRUGS",
    "STEROIDS",
    "Code",
    "FindingId",
    "OneOf",
    "ParameterId",
    "Row",
    "Table",
    "VocabularyError",
    "class_of",
    "codes_of",
    "generic_name",
    "medicines",
    "named_ids",
]
