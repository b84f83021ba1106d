"""The one kind of error that a caller has to know: everything that is refused is one of these."""


class TrabeculaError(Exception):
    """Something that was asked for and cannot be answered, in a sentence: what was found, where, what was expected.

    Every refusal is one, whether of a record, a file, a plan, a parameter or an argument; a refused value is also a
    `ValueError`, a thing of the wrong kind also a `TypeError`. Where several things are wrong at once, `problems` has
    each of them. Nothing of it is a fault of the program.

    >>> import trabecula as tb
    >>> try:
    ...     tb.Person(birth_date="1978-06-02", sex="woman")
    ... except tb.TrabeculaError as error:
    ...     print(error)
    sex: found "woman"; expected one of female, male; did you mean "female"?
    """
