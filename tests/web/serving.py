"""An app that is served for as long as a block lasts."""

import threading
from contextlib import contextmanager

import uvicorn

from trabecula.web import connections


@contextmanager
def served(app, port: int = 0, **settings):
    """The address of an app on a port, a free one unless it is named; settings: further ones of uvicorn."""
    listening = connections.listen("127.0.0.1", port)
    running = uvicorn.Server(
        uvicorn.Config(app, access_log=False, log_level="warning", http=connections.PromptProtocol, **settings)
    )
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    yield connections.address(listening).rstrip("/")
    running.should_exit = True
    thread.join()
