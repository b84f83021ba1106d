"""YAML as plain data: safe, without aliases, each field once, dates that are none left as text."""

from typing import Any, NoReturn

import yaml

from trabecula.person.problems import quoted
from trabecula.words.message import Message

DEEPEST = 50
"""Levels of nesting; a record has five."""


class YamlError(ValueError):
    """YAML that is not read, with its place (line 0 when it is not known)."""

    def __init__(self, mark: Any, found: Message, expected: Message, todo: Message) -> None:
        self.line, self.column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        self.found, self.expected, self.todo = found, expected, todo
        super().__init__(str(found))


_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """The safe loader, stricter."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A group in which every field stands once."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                found = Message("file.the_field_what_written_twice_in", {"what": quoted(key.value)})
                todo = Message("todo.keep_one_of_the_two")
                raise YamlError(key.start_mark, found, Message("file.each_field_once"), todo)
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
        found, todo = Message("file.characters_that_yaml_does_not_allow"), Message("file.remove_them")
        raise YamlError(None, found, Message("file.plain_text"), todo) from None
    except (ValueError, OverflowError):
        found, expected = Message("file.a_number_that_cannot_be_read"), Message("file.ordinary_numbers")
        raise YamlError(None, found, expected, Message("file.check_numbers_for_missing_blanks")) from None


def _explained(error: yaml.MarkedYAMLError) -> YamlError:
    """A mistake in the YAML, in our words."""
    mark = error.problem_mark or error.context_mark
    todo = Message("file.check_indentation_colons_and_quotation_marks")
    return YamlError(mark, Message("file.yaml_that_cannot_be_read"), Message("file.valid_yaml"), todo)


def _check_shape(text: str) -> None:
    """No aliases (a short file can unfold into a huge one), no tags, not too deep, one document."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += _step(event)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if isinstance(event, yaml.AliasEvent):
            _refuse(event, "an_alias", "a_record_without_aliases", "write_the_value_out_instead")
        if getattr(event, "tag", None) is not None:
            _refuse(event, "a_tag", "plain_values", "write_the_value_without_a_tag")
        if depth > DEEPEST:
            _refuse(event, "more_than_n_levels", "a_few_levels", "check_the_file", n=DEEPEST)
        if documents > 1:
            _refuse(event, "a_second_document", "one_record_in_one_file", "divide_the_file")


def _step(event: yaml.Event) -> int:
    """One level down, one level up, or none."""
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _refuse(event: yaml.Event, found: str, expected: str, todo: str, n: int = 0) -> NoReturn:
    """Refuse at the place of an event; the parts are ids of messages about files, `n` fills what was found."""
    parts = Message(f"file.{found}", {"n": n}), Message(f"file.{expected}"), Message(f"file.{todo}")
    raise YamlError(event.start_mark, *parts)
