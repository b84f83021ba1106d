"""The server around the app: it binds first, so that a port that is taken is said at once, and keeps no access log."""

import gc
import socket

import uvicorn

from trabecula.web.app import create_app

_WAITING = 128  # connections that may wait
# objects made between two looks for garbage, and looks at the young between two at the old
_LOOKS = (10_000, 10, 10)
_SECONDS_TO_FINISH = 10  # how long answers under way may take when the server is stopped


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raises OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=_WAITING)
    listening.setblocking(False)
    return listening


def address(listening: socket.socket) -> str:
    """Where the app is found: http://127.0.0.1:8040/."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def server(password: str | None) -> uvicorn.Server:
    """The server; what it says about requests never reaches a log."""
    config = uvicorn.Config(
        create_app(password), access_log=False, log_level="warning", server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )  # fmt: skip
    _settle()
    return uvicorn.Server(config)


def _settle() -> None:
    """Leave what lives as long as the program out of every look for garbage: those looks were a fifth of an answer."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOKS)
