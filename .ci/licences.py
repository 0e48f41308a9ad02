"""Lists the licence of everything the lock files pin, as Markdown; exits 1 at one not allowed."""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
ALLOWED = re.compile(
    r"MIT|BSD|Apache|ISC|Python Software Foundation|PSF|MPL|Mozilla Public|0BSD|Zlib|LGPL"
)
"""Permissive licences, and the weak copyleft of libraries that are used and not changed."""
UNDECLARED = {
    # Their metadata names none; the licence is the one in their files.
    "huey": "MIT",
    "sagemaker-train": "Apache-2.0",
}
OSI = {
    # "OSI Approved" is all that these classify; the text is in their files.
    "aws-cdk-asset-awscli-v1": "Apache-2.0",
    "aws-cdk-asset-node-proxy-agent-v6": "Apache-2.0",
    "aws-cdk-cloud-assembly-schema": "Apache-2.0",
    "aws-cdk-lib": "Apache-2.0",
    "cdk-nag": "Apache-2.0",
    "constructs": "Apache-2.0",
    "skops": "MIT",
}


def python_packages() -> dict[str, str]:
    """The licence of each pinned Python package that is installed here."""
    pinned = re.findall(r"^([\w.-]+)==", (ROOT / "requirements-dev.txt").read_text(), re.MULTILINE)
    licences = {}
    for name in pinned:
        try:
            licences[name] = python_licence(name)
        except metadata.PackageNotFoundError:
            continue  # pinned for another platform or Python
    return licences


def python_licence(name: str) -> str:
    """What a package declares: the expression, else the classifiers, else the free text."""
    about = metadata.metadata(name)
    classifiers = [
        line.rpartition("::")[2].strip()
        for line in about.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    text = (about.get("License") or "").strip().partition("\n")[0][:60]
    declared = about.get("License-Expression") or ", ".join(classifiers) or text
    return OSI.get(name) or UNDECLARED.get(name) or declared


def node_packages() -> dict[str, str]:
    """The licence of each pinned Node package."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    return {
        path.rpartition("node_modules/")[2]: package.get("license", "")
        for path, package in packages.items()
        if path
    }


def main() -> None:
    """Print the two tables."""
    print("# Licences of what this project depends on\n")
    print("Made by `make licences`. None of these is shipped with the project; they are installed.")
    refused = []
    for title, packages in (("Python", python_packages()), ("Node", node_packages())):
        print(f"\n## {title}\n\n| package | licence |\n|---|---|")
        for name, licence in sorted(packages.items()):
            print(f"| {name} | {licence} |")
            if not ALLOWED.search(licence):
                refused.append(f"{name}: {licence or 'none declared'}")
    if refused:
        sys.exit("licences that are not allowed (see .ci/licences.py):\n" + "\n".join(refused))


if __name__ == "__main__":
    main()
