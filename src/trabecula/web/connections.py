"""Connections: none is held open by who sends a request drop by drop, and none waits for the next packet to be full."""

import asyncio
import socket
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_WAITING = 128
"""Connections that may wait."""
IDLE_S = 75
"""How long a connection stays open for the next request [s]: longer than a server in front keeps it, which so is the
one that hangs up, and never sends a request into a closing connection."""
HEAD_S, WHOLE_S = 20.0, 120.0
"""How long the head of a request, and the whole of it, may take [s]; the largest file at 1.4 Mbit/s."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; raises OSError when the address cannot be had. Port 0 takes a free one.

    What it accepts sends small packets at once (TCP_NODELAY): waiting for more of them costs 40 ms a request.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=_WAITING)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setblocking(False)
    return listening


def address(listening: socket.socket) -> str:
    """Where the app is found: http://127.0.0.1:8040/."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class PromptProtocol(H11Protocol):
    """HTTP with a limit on how long a request may take to arrive; the server itself has none."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody has called."""
        super().connection_made(transport)
        self._late = self.loop.call_later(HEAD_S, self._head_is_late)

    def data_received(self, data: bytes) -> None:
        """Something came; the time runs from the first byte of a request until all of it is there."""
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._stop()
        elif self._late is None:
            self._late = self.loop.call_later(HEAD_S, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._stop()
        super().connection_lost(exc)

    def _head_is_late(self) -> None:
        """Hang up on a request without a whole head; the rest of one may take longer."""
        if self.conn.their_state is h11.SEND_BODY:
            self._late = self.loop.call_later(WHOLE_S - HEAD_S, self.transport.close)
        elif self.conn.their_state is h11.IDLE:
            self.transport.close()

    def _stop(self) -> None:
        """The request is there."""
        if self._late is not None:
            self._late.cancel()
            self._late = None
