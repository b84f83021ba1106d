"""Where something may be sent: encrypted or to this machine, and within the server that is meant."""

from urllib.parse import unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_private(address: object) -> bool:
    """Whether nobody can listen on the way to an address: https, or this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK))


def is_within(base: str, address: str) -> bool:
    """Whether an address is one of a FHIR server: its base itself, perhaps with a query, or a path below it.

    >>> is_within("https://a.example/fhir", "https://a.example/fhir?_getpages=1")
    True
    >>> is_within("https://a.example/fhir", "https://a.example/fhir/../admin")
    False
    """
    plain = base.rstrip("/")
    rest = address[len(plain) :]
    is_below = bool(plain) and address.startswith(plain) and rest[:1] in ("", "/", "?")
    return is_below and ".." not in unquote(urlsplit(address).path) and "\\" not in address


def is_same_place(one: str, other: str) -> bool:
    """Whether two addresses are of the same program: scheme, host and port."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc.lower()) == (second.scheme, second.netloc.lower())
