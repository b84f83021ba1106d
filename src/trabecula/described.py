"""Records whose fields are described by the texts below them, which are read when somebody asks for a schema.

pydantic can read those texts itself (`use_attribute_docstrings`), but does so when a class is made: that was a tenth of
a command's start, and few commands print a schema.
"""

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic_core import CoreSchema


class Described(BaseModel):
    """A record that describes its fields in its schema."""

    @classmethod
    def described(cls, field: str) -> str | None:
        """What belongs into a field: as its `Field` says, or the text below it."""
        said = cls.model_fields[field].description
        texts = (_texts(part.__module__, part.__qualname__).get(field) for part in cls.__mro__)
        return said or next(filter(None, texts), None)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """The schema, with the descriptions of the fields."""
        found = handler(core_schema)
        properties = handler.resolve_ref_schema(found).get("properties", {})
        for name, field in cls.model_fields.items():
            text, place = cls.described(name), properties.get(field.serialization_alias or field.alias or name)
            if text and place is not None:
                place.setdefault("description", text)
        return found


@cache
def _texts(module: str, name: str) -> Mapping[str, str]:
    """The texts below the fields of a class of ours, by field."""
    if not module.startswith(f"{__package__}."):
        return {}
    wanted = name.split(".")[-1]
    body = next((node.body for node in _classes(module) if node.name == wanted), [])
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(text, ast.Expr):
            said = text.value.value if isinstance(text.value, ast.Constant) else None
            if isinstance(said, str):
                found[field.target.id] = inspect.cleandoc(said)
    return found


@cache
def _classes(module: str) -> list[ast.ClassDef]:
    """The classes of a module."""
    tree = ast.parse(Path(str(sys.modules[module].__file__)).read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
