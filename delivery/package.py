"""The package: an assembly and what it changes in one archive, known by its SHA-256."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

ASSEMBLY = "assembly"
PLAN = "plan.json"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a reviewer approves: which change, of which configuration, in which account."""

    config: str
    commit: str
    account: str
    region: str
    difference: str
    """What ``cdk diff`` says of the assembly and the account."""


def pack(plan: Plan, assembly: Path, *, package: Path) -> str:
    """Write the package; the result is its SHA-256."""
    package.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(plan), indent=2).encode()
    with tarfile.open(package, "w") as archive:
        header = tarfile.TarInfo(PLAN)
        header.size = len(text)
        archive.addfile(header, io.BytesIO(text))
        archive.add(assembly, arcname=ASSEMBLY)
    return hashlib.sha256(package.read_bytes()).hexdigest()


def _refuse_what_leads_out(member: tarfile.TarInfo, folder: Path, package: Path) -> None:
    # Not by a filter of tarfile: Python has none before 3.11.4.
    root = folder.resolve()
    inside = (root / member.name).resolve().is_relative_to(root)
    if not inside or not (member.isfile() or member.isdir()):
        raise DeliveryError(
            f"{package}: its member {member.name!r} is no file or folder inside of it; nothing is "
            "deployed; plan anew"
        )


def unpack(package: Path, *, digest: str, folder: Path) -> tuple[Plan, Path]:
    """Unpack what was approved: the plan, and the folder of its assembly.

    Args:
        package: The archive that ``pack`` wrote.
        digest: The SHA-256 of what was approved.
        folder: An empty folder, or one to be made.

    Raises:
        DeliveryError: the archive is missing, is another than the approved one, or holds more
            than files and folders of its own.
    """
    try:
        content = package.read_bytes()
    except OSError as error:
        raise DeliveryError(f"{package}: cannot be read: {error.strerror}") from None
    measured = hashlib.sha256(content).hexdigest()
    if measured != digest:
        raise DeliveryError(
            f"{package} is not the package that was approved: its SHA-256 is {measured}, the "
            f"approved one is {digest!r}; nothing is deployed; plan anew"
        )
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            _refuse_what_leads_out(member, folder, package)
            archive.extract(member, folder)
    return Plan(**json.loads((folder / PLAN).read_text())), folder / ASSEMBLY
