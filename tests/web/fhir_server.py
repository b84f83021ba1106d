"""A small FHIR server to try the services with, as a process of its own: `python fhir_server.py DATA.json`.

It prints its address. The first step of a path says how it behaves: `well` answers in pages of two, `slow` waits longer
than anybody should, `broken` fails, `loop` links every page to itself, `endless` always to one more, `away` to another
server, `noise` never stops sending, `counts` tells how often it was asked. Who asks without the token gets 401.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

TOKEN = "a-token-of-the-client"
PAGE = 2


class Server(BaseHTTPRequestHandler):
    """Answers reads and searches about one patient."""

    resources: ClassVar[list[dict]] = []
    asked = 0

    def do_GET(self):
        """One request."""
        url = urlsplit(self.path)
        _, manner, kind, *_ = f"{url.path}/".split("/")
        if manner == "counts":
            self.answer(200, {"asked": Server.asked})
            return
        Server.asked += 1
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self.answer(401, outcome("login"))
        elif manner == "broken" and kind == "Observation":
            self.answer(500, outcome("exception"))
        elif manner == "noise" and kind == "Observation":
            self.make_noise()
        else:
            if manner == "slow" and kind == "Observation":
                time.sleep(5)
            self.answer(200, self.found(manner, kind, parse_qs(url.query)))

    def found(self, manner, kind, query):
        """The patient, or a page of a search."""
        held = [resource for resource in self.resources if resource["resourceType"] == kind]
        if kind == "Patient":
            return held[0]
        start = int(query.get("page", ["0"])[0])
        page = {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": each} for each in held[start:][:PAGE]],
        }
        without_end = manner in ("loop", "endless") or (manner, kind) == ("away", "Observation")
        if start + PAGE < len(held) or without_end:
            page["link"] = [{"relation": "next", "url": self.next(manner, kind, start)}]
        return page

    def next(self, manner, kind, start):
        """Where the next page is."""
        address = f"http://{self.headers['Host']}"
        if manner == "away" and kind == "Observation":
            return f"http://127.0.0.1:9/well/{kind}?page={start + PAGE}"
        following = start if manner == "loop" else start + PAGE
        return f"{address}/{manner}/{kind}?patient=p1&page={following}"

    def make_noise(self):
        """A body that does not end."""
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 1_000_000)
        except OSError:
            pass

    def answer(self, status, resource):
        """A resource."""
        content = json.dumps(resource).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Quiet."""


def outcome(code):
    """What went wrong, as FHIR says it."""
    return {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]}


if __name__ == "__main__":
    Server.resources = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
