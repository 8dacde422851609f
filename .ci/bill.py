"""Write the bill of materials of a checkout: the packages it runs with, and the documents of its factors.

``python .ci/bill.py FILE`` writes CycloneDX 1.6 JSON, the same bytes for the same checkout and
packages: it bears no time, and its serial number follows from what it lists.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tomllib
import uuid
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]


def main() -> int:
    """Write the bill to the file that is named."""
    text = json.dumps(make_bill(ROOT), ensure_ascii=False, indent=1)
    Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    return 0


def make_bill(root: Path) -> dict[str, object]:
    """Return the bill: each package that is installed and needed, and each edition of factors with its digest."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(one for extra in optional if extra not in {"all", "dev"} for one in optional[extra]),
    ]
    packages = list_packages(asked)
    components = [
        *(describe_package(name, packages) for name in sorted(packages)),
        *(describe_edition(path) for path in sorted((root / "factors").glob("**/source.toml"))),
    ]
    listed = json.dumps(components, ensure_ascii=False, sort_keys=True)
    own = {
        "type": "application",
        "bom-ref": "carbonacct",
        "name": "carbonacct",
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    needed = [
        {
            "ref": "carbonacct",
            "dependsOn": sorted({refer(one, packages) for one in map(name_of, asked)} - {""}),
        },
        *(
            {
                "ref": refer(name, packages),
                "dependsOn": [refer(one, packages) for one in packages[name]],
            }
            for name in sorted(packages)
        ),
    ]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, listed)}",
        "version": 1,
        "metadata": {"component": own},
        "components": components,
        "dependencies": needed,
    }


def list_packages(asked: list[str]) -> dict[str, list[str]]:
    """Return each installed package that is asked for, or needed by one, with those that it needs itself."""
    found: dict[str, set[str]] = {}
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(one) for one in asked]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        try:
            needed = [Requirement(one) for one in distribution(name).requires or ()]
        except PackageNotFoundError:
            continue  # of an extra that is not installed here
        for extra in {"", *requirement.extras}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            own = [one for one in needed if not one.marker or one.marker.evaluate({"extra": extra})]
            found.setdefault(name, set()).update(canonicalize_name(one.name) for one in own)
            waiting += own
    return {name: sorted(needs & found.keys()) for name, needs in found.items()}


def name_of(requirement: str) -> str:
    """Return the name of a package that a requirement asks for."""
    return canonicalize_name(Requirement(requirement).name)


def refer(name: str, packages: dict[str, list[str]]) -> str:
    """Return the address of a package, or nothing where it is not installed."""
    return f"pkg:pypi/{name}@{distribution(name).version}" if name in packages else ""


def describe_package(name: str, packages: dict[str, list[str]]) -> dict[str, object]:
    """Return the component of a package, with the licence that it states."""
    metadata = distribution(name).metadata
    address = refer(name, packages)
    component = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": distribution(name).version,
        "purl": address,
    }
    short = metadata.get("License", "") if "\n" not in metadata.get("License", "") else ""
    listed = [
        one.rpartition(" :: ")[2]
        for one in metadata.get_all("Classifier", [])
        if one.startswith("License :: ")
    ]
    licence = metadata.get("License-Expression") or ", ".join(listed) or short
    return component | ({"licenses": [{"license": {"name": licence}}]} if licence else {})


def describe_edition(path: Path) -> dict[str, object]:
    """Return the component of an edition of factors or a published result: its document, the digest of its tables."""
    source = tomllib.loads(path.read_text(encoding="utf-8"))
    folder = path.parent
    digest = hashlib.sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes())
    return {
        "type": "data",
        "bom-ref": folder.relative_to(folder.parents[1]).as_posix(),
        "name": source["title"],
        "version": str(source.get("edition") or source.get("date", "")),
        "publisher": source.get("publisher", ""),
        "hashes": [{"alg": "SHA-256", "content": digest.hexdigest()}],
    }


if __name__ == "__main__":
    sys.exit(main())
