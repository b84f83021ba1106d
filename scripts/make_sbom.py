"""Write a software bill of materials: `python scripts/make_sbom.py [LOCK] -o FILE` (CycloneDX 1.6, JSON).

Everything in it comes from pyproject.toml, a lock file and requirements/licences.csv, so that the same repository gives
the same bytes: no time, and a serial number that follows from the content. The hashes of a package are those of every
file of that version that the lock accepts.
"""

import argparse
import csv
import json
import re
import tomllib
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
REQUIREMENTS = ROOT / "requirements"
_ENTRY = re.compile(r"^([A-Za-z0-9][\w.-]*)==(\S+)(?: ; ([^\\\n]+?))?((?:\s*\\\n\s+--hash=sha256:\w+)+)", re.MULTILINE)
_HASH = re.compile(r"sha256:(\w+)")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("lock", nargs="?", default="core", help="core, dev, docs or engines")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args(arguments)
    found = bill(options.lock)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found['components'])} packages, written to {options.output}")


def bill(lock: str) -> dict[str, Any]:
    """The bill of what a lock installs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = (REQUIREMENTS / f"{lock}.txt").read_text(encoding="utf-8")
    components = [*_components(text)]
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    root = {
        "type": "application", "bom-ref": ours, "name": project["name"], "version": project["version"], "purl": ours,
        "description": project["description"], "licenses": [{"expression": project["license"]}],
    }  # fmt: skip
    content = {
        "metadata": {"component": root},
        "components": components,
        "dependencies": [{"ref": ours, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(content, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", "version": 1}
    return {**head, **content}


def _components(text: str) -> Iterator[dict[str, Any]]:
    """The packages of a lock, in its order."""
    with (REQUIREMENTS / "licences.csv").open(encoding="utf-8", newline="") as file:
        licences = {row["package"]: row["licence"] for row in csv.DictReader(file)}
    for name, version, marker, hashes in _ENTRY.findall(text):
        purl = f"pkg:pypi/{name}@{version}"
        component: dict[str, Any] = {
            "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
            "hashes": [{"alg": "SHA-256", "content": value} for value in _HASH.findall(hashes)],
            "licenses": [{"license": {"name": licences[name]}}],
        }  # fmt: skip
        if marker:
            component["properties"] = [{"name": "trabecula:marker", "value": marker}]
        yield component


if __name__ == "__main__":
    main()
