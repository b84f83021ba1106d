"""Python as it is on a machine without a network: whoever asks for more than this machine is refused at once."""

import sys

LOOPBACK = ("127.0.0.1", "localhost", "::1", "0.0.0.0", None, "")


def refuse(event, arguments):
    """Names are looked up, and machines called, only on loopback."""
    if event == "socket.getaddrinfo" and arguments[0] not in LOOPBACK:
        raise OSError(f"no network: {arguments[0]}")
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOOPBACK:
        raise OSError(f"no network: {arguments[1]}")


sys.addaudithook(refuse)
