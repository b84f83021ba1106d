"""A small FHIR server with its authorisation server, as a process: `python smart_server.py DATA.json KEYS.json PORT`.

DATA.json has resources, KEYS.json the public keys of the one program that is known here (`CLIENT`). The first step of a
path says how it behaves: `well` answers in pages of two, `busy` is busy at first, `short` has tokens that end after
three uses, `partial` has types that it does not give, `slow`, `broken`, `loop`, `endless`, `away`, `noise` misbehave;
`cut` sends files that break off, `stops` gives one file only after `POST /mend`, `elsewhere` has files at another host.
`GET /asked` lists methods and paths of all requests so far.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import sys
import time
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

CLIENT, APP, LAUNCH = "trabecula-backend", "trabecula-app", "a-launch"
PAGE = 2
NOT_GIVEN = {"MedicationAdministration": 403, "FamilyMemberHistory": 404}
AT = ["2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"]


class Smart:
    """What the server knows."""

    def __init__(self, address, resources, keys):
        self.address, self.resources, self.keys = address, resources, keys["keys"] and KeySet.import_key_set(keys)
        self.tokens, self.codes, self.seen, self.asked, self.exports = {}, {}, set(), [], {}
        self.mended, self.wrong = False, {}

    async def configuration(self, request):
        """Where tokens are."""
        self.note(request)
        says = {
            "token_endpoint": f"{self.address}/token", "authorization_endpoint": f"{self.address}/authorize",
            "capabilities": ["permission-v2", "client-confidential-asymmetric", "launch-ehr", "launch-standalone"],
            "code_challenge_methods_supported": ["S256"],
        }  # fmt: skip
        return JSONResponse(says | self.wrong.get("configuration", {}))

    async def token(self, request):
        """A token for who proves to be the program, or brings a code."""
        self.note(request)
        form = dict(await request.form())
        given = self.for_code(form) if form["grant_type"] == "authorization_code" else self.for_program(form)
        if given is None:
            return JSONResponse({"error": "invalid_client"}, 400)
        token = secrets.token_urlsafe()
        self.tokens[token] = 0
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 300, **given})

    def for_program(self, form):
        """What a program is given: its assertion must be whole, ours, for here, and new."""
        try:
            claims = jwt.decode(form["client_assertion"], self.keys, algorithms=["ES384", "RS384"]).claims
        except Exception:
            return None
        is_good = (
            claims["iss"] == claims["sub"] == CLIENT
            and claims["aud"] == f"{self.address}/token"
            and time.time() < claims["exp"] <= time.time() + 300
            and claims["jti"] not in self.seen
            and all(scope.startswith("system/") and scope.endswith(".rs") for scope in form["scope"].split())
        )
        self.seen.add(claims["jti"])
        return {"scope": form["scope"]} if is_good else None

    def for_code(self, form):
        """What a browser's app is given."""
        asked = self.codes.pop(form["code"], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if asked is None or challenge.decode() != asked["code_challenge"] or form["client_id"] != APP:
            return None
        return {"scope": asked["scope"], "patient": "p1"} | self.wrong.get("token", {})

    async def authorize(self, request):
        """Lets everybody in at once."""
        self.note(request)
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["aud"].startswith(self.address)
        assert ("launch" in asked) == ("launch" in asked["scope"].split())
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        back = {"code": code, "state": asked["state"]} | self.wrong.get("authorize", {})
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    async def wrongs(self, request):
        """What shall be wrong from now on."""
        self.wrong = await request.json()
        return JSONResponse({})

    def note(self, request):
        """What was asked."""
        self.asked.append(f"{request.method} {request.url.path}")

    async def asked_so_far(self, _):
        """The list."""
        return JSONResponse(self.asked)

    def refuses(self, request, manner):
        """Whether the token is not good."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.tokens[token] = self.tokens.get(token, 1_000_000) + 1
        return self.tokens[token] > (3 if manner == "short" else 100_000)

    async def read(self, request):
        """The patient."""
        self.note(request)
        manner = request.path_params["manner"]
        if self.refuses(request, manner):
            return outcome(401, "login")
        (held,) = (held for held in self.resources if held["resourceType"] == "Patient")
        return JSONResponse(held) if held["id"] == request.path_params["id"] else outcome(404, "not-found")

    async def search(self, request):
        """A page of a search."""
        self.note(request)
        manner, kind = request.path_params["manner"], request.path_params["kind"]
        if self.refuses(request, manner):
            return outcome(401, "login")
        if manner == "busy" and str(request.url) not in self.seen:
            self.seen.add(str(request.url))
            return Response(status_code=429, headers={"Retry-After": "0"})
        if manner == "partial" and ("_include" in request.query_params or kind in NOT_GIVEN):
            return outcome(NOT_GIVEN.get(kind, 400), "not-supported")
        if kind == "Observation":
            if manner == "broken":
                return outcome(500, "exception")
            if manner == "slow":
                await asyncio.sleep(600)
            if manner == "noise":
                return StreamingResponse(noise())
        return JSONResponse(self.page(manner, kind, int(request.query_params.get("page", "0"))))

    async def more(self, request):
        """A further page, whose address is that of the server with a query."""
        self.note(request)
        if self.refuses(request, request.path_params["manner"]):
            return outcome(401, "login")
        kind, _, start = request.query_params["_getpages"].partition("-")
        return JSONResponse(self.page(request.path_params["manner"], kind, int(start)))

    def page(self, manner, kind, start):
        """A page, and where the next is."""
        held = [held for held in self.resources if held["resourceType"] == kind]
        page = {
            "resourceType": "Bundle",
            "type": "searchset",
            "entry": [{"resource": one} for one in held[start:][:PAGE]],
        }
        following = start if manner == "loop" else start + PAGE
        if following < len(held) or (manner in ("loop", "endless", "away") and kind == "Observation"):
            host = "http://127.0.0.1:9" if manner == "away" else self.address
            page["link"] = [{"relation": "next", "url": f"{host}/{manner}?_getpages={kind}-{following}"}]
        return page

    async def export(self, request):
        """An export is begun."""
        self.note(request)
        manner = request.path_params["manner"]
        if self.refuses(request, manner) or request.headers.get("prefer") != "respond-async":
            return outcome(401, "login")
        id = secrets.token_hex(4)
        self.exports[id] = [dict(request.query_params), 0]
        return Response(status_code=202, headers={"Content-Location": f"{self.address}/{manner}/status/{id}"})

    async def status(self, request):
        """How far it is."""
        self.note(request)
        manner, id = request.path_params["manner"], request.path_params["id"]
        if self.refuses(request, manner):
            return outcome(401, "login")
        query, asked = self.exports[id]
        self.exports[id][1] += 1
        if asked < 2:
            return Response(status_code=202, headers={"Retry-After": "0", "X-Progress": "some"})
        changed = "_since" in query
        kinds = [kind for kind in query["_type"].split(",") if self.lines(kind)] if not changed else ["Observation"]
        host = "http://127.0.0.1:9" if manner == "elsewhere" else self.address
        output = [
            {"type": kind, "url": f"{host}/{manner}/file/{kind}", "count": len(self.lines(kind))} for kind in kinds
        ]
        listed = {"deleted": [{"type": "Bundle", "url": f"{host}/{manner}/file/deleted"}]} if changed else {}
        return JSONResponse({
            "transactionTime": AT[changed], "requiresAccessToken": True, "output": output, "error": [], **listed,
        })  # fmt: skip

    def lines(self, kind):
        """The resources of a type."""
        return [held for held in self.resources if held["resourceType"] == kind]

    async def file(self, request):
        """A file of an export."""
        self.note(request)
        manner, kind = request.path_params["manner"], request.path_params["kind"]
        if self.refuses(request, manner):
            return outcome(401, "login")
        if kind == "deleted":
            entry = {"request": {"method": "DELETE", "url": f"Condition/{self.lines('Condition')[0]['id']}"}}
            return PlainTextResponse(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": [entry]}))
        if manner == "stops" and kind == "Observation" and not self.mended:
            return outcome(500, "exception")
        said = "".join(json.dumps(held) + "\n" for held in self.lines(kind))
        if manner == "cut" and (kind, "cut") not in self.seen:
            self.seen.add((kind, "cut"))
            return PlainTextResponse("".join(said.splitlines(keepends=True)[:-1]))
        return PlainTextResponse(said, media_type="application/fhir+ndjson")

    async def mend(self, _):
        """From now on every file is given."""
        self.mended = True
        return JSONResponse({})


async def noise():
    """A body of which nobody sees the end."""
    for _ in range(200):
        yield b" " * 1_000_000
        await asyncio.sleep(0.01)


def outcome(status, code):
    """What went wrong, as FHIR says it; its words name the patient, as some servers do."""
    issue = {"severity": "error", "code": code, "diagnostics": "HAPI-0389: Patient/p1 of Musterfrau"}
    return JSONResponse({"resourceType": "OperationOutcome", "issue": [issue]}, status)


def app(smart):
    """The routes."""
    return Starlette(routes=[
        Route("/asked", smart.asked_so_far), Route("/mend", smart.mend, methods=["POST"]),
        Route("/wrong", smart.wrongs, methods=["POST"]), Route("/authorize", smart.authorize),
        Route("/token", smart.token, methods=["POST"]),
        Route("/{manner}/.well-known/smart-configuration", smart.configuration),
        Route("/{manner}", smart.more),
        Route("/{manner}/$export", smart.export), Route("/{manner}/Patient/$export", smart.export),
        Route("/{manner}/Group/{group}/$export", smart.export), Route("/{manner}/status/{id}", smart.status),
        Route("/{manner}/file/{kind}", smart.file), Route("/{manner}/Patient/{id}", smart.read),
        Route("/{manner}/{kind}", smart.search),
    ])  # fmt: skip


if __name__ == "__main__":
    data, keys, port = sys.argv[1:]
    smart = Smart(f"http://127.0.0.1:{port}", *(json.loads(Path(path).read_text()) for path in (data, keys)))
    uvicorn.run(app(smart), host="127.0.0.1", port=int(port), log_level="warning")
