"""YAML as plain data: safe, without aliases, each field once, dates that are none left as text."""

from typing import Any, NoReturn

import yaml

DEEPEST = 50  # a limit on files
"""Levels of nesting; a record has five."""


class YamlError(ValueError):
    """YAML that is not read, with its place (line 0 when it is not known)."""

    def __init__(self, mark: Any, found: str, expected: str, todo: str) -> None:
        self.line, self.column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.found, self.expected, self.todo = found, expected, todo
        super().__init__(found)


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """The safe loader, stricter."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A group in which every field stands once."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                found = f'the field "{key.value[:40]}" written twice in one group'
                raise YamlError(key.start_mark, found, "each field once", "keep one of the two")
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        """A date; what only looks like one stays a text, and the record's own rules complain about it."""
        try:
            return super().construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def read_yaml(text: str) -> Any:
    """The data in one YAML document."""
    try:
        _check_shape(text)
        return yaml.load(text, _Loader)
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        raise _explained(error) from None
    except yaml.YAMLError:
        raise YamlError(None, "characters that YAML does not allow", "plain text", "remove them") from None
    except (ValueError, OverflowError):
        todo = "check numbers for missing blanks"
        raise YamlError(None, "a number that cannot be read", "ordinary numbers", todo) from None


def _explained(error: yaml.MarkedYAMLError) -> YamlError:
    """A mistake in the YAML, in our words."""
    mark = error.problem_mark or error.context_mark
    todo = "check indentation, colons and quotation marks near this place"
    return YamlError(mark, "YAML that cannot be read", "valid YAML", todo)


def _check_shape(text: str) -> None:
    """No aliases (a short file can unfold into a huge one), no tags, not too deep, one document."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += _step(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent):
            _refuse(event, "an alias (*)", "a record without aliases", "write the value out instead")
        if getattr(event, "tag", None) is not None:
            _refuse(event, "a tag (!)", "plain values", "write the value without a tag")
        if depth > DEEPEST:
            _refuse(event, f"more than {DEEPEST} levels of nesting", "a few levels", "check the file")
        if documents > 1:
            _refuse(event, "a second document (---)", "one record in one file", "divide the file")


def _step(event: yaml.Event) -> int:
    """One level down, one level up, or none."""
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _refuse(event: yaml.Event, found: str, expected: str, todo: str) -> NoReturn:
    """Refuse at the place of an event."""
    raise YamlError(event.start_mark, found, expected, todo)
