"""What a chart that is opened costs: `.venv/bin/python benchmarks/hooks.py [--draws 200]`.

For each example, over HTTP against a server of this process: `patient-view` with a prefetched record that was not seen
before, and the same record again. Processor time holds the client's too; both are medians of a few calls [s].
"""

import argparse
import json
import threading
import uuid
from statistics import median
from time import perf_counter, process_time

import httpx
import uvicorn

from trabecula.adapters.fhir.building import to_json
from trabecula.adapters.fhir.writing import write_bundle
from trabecula.web import connections, create_app
from trabecula.web.examples import EXAMPLES, warm_up
from trabecula.web.hooks_request import prefetch

CALLS = 5
FIRST_KG = 60.0


def served(draws):
    """The address of a server with its clock at the day of the examples."""
    on = next(iter(EXAMPLES.values())).person.assessed_on
    listening = connections.listen("127.0.0.1", 0)
    app = create_app(today=lambda: on, draws=draws)
    config = uvicorn.Config(app, access_log=False, log_level="warning", http=connections.PromptProtocol)
    threading.Thread(target=uvicorn.Server(config).run, args=([listening],), daemon=True).start()
    return connections.address(listening).rstrip("/")


def request(person):
    """A call with everything prefetched, as another program has it: without our extension."""
    bundle = json.loads(to_json(write_bundle(person, person.assessed_on).bundle, 0))
    resources = [entry["resource"] for entry in bundle["entry"]]
    for resource in resources[1:]:
        resource.pop("extension", None)
        resource["subject" if "subject" in resource else "patient"] = {"reference": f"Patient/{resources[0]['id']}"}
    held = {}
    for key, template in prefetch().items():
        kind = template.partition("?")[0].partition("/")[0]
        found = [{"resource": resource} for resource in resources if resource["resourceType"] == kind]
        held[key] = found[0]["resource"] if kind == "Patient" else {"resourceType": "Bundle", "entry": found}
    context = {"userId": "Practitioner/1", "patientId": resources[0]["id"]}
    return {"hook": "patient-view", "hookInstance": str(uuid.uuid4()), "context": context, "prefetch": held}


def timed(client, body):
    """Time and processor time of one call [s]."""
    began, worked = perf_counter(), process_time()
    client.post("/cds-services/trabecula-patient-view", json=body).raise_for_status()
    return perf_counter() - began, process_time() - worked


def main():
    """A line for each example."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--draws", type=int, default=200)
    warm_up()
    with httpx.Client(base_url=served(parser.parse_args().draws), timeout=120) as client:
        for name, example in EXAMPLES.items():
            others = [example.person.model_copy(update={"weight_kg": FIRST_KG + call}) for call in range(CALLS)]
            first = [timed(client, request(person)) for person in others]
            again = [timed(client, request(person)) for person in others]
            parts = (("first", first), ("again", again))
            said = [
                f"{part}: {median(w for w, _ in runs):.2f} s, CPU {median(c for _, c in runs):.2f} s"
                for part, runs in parts
            ]
            print(f"{name:14s} {'; '.join(said)}", flush=True)


if __name__ == "__main__":
    main()
