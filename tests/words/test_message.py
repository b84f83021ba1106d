"""Messages by themselves."""

import pickle

from trabecula.words.message import Message


def test_a_message_goes_to_another_process_as_it_is():
    """With values, with messages among them, and without any: a register is scored by several processes."""
    for message in (
        Message("file.too_deep_to_follow"),
        Message("time.in_years", {"n": 5.0, "of": Message("file.plain_text")}),
    ):
        assert pickle.loads(pickle.dumps(message)) == message
