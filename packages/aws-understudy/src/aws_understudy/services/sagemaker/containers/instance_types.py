"""The memory of instance types, so that a job has here what it would have there.

Source: the tables of Amazon EC2's instance types by family (memory per vCPU, accelerated types
one by one) and Lambda-like serverless sizes of SageMaker AI; SageMaker's ``ml.`` types are those of
EC2 with the prefix.
"""

from __future__ import annotations

import re
from typing import Final

_GIBIBYTE: Final = 1 << 30
_TYPE: Final = re.compile(r"ml\.(?P<family>[a-z]+\d+[a-z-]*)\.(?P<size>\w+)")
_GIB_PER_VCPU: Final = {"c": 2, "m": 4, "r": 8}
"""Of the general, compute and memory families; ``c4`` and ``m4`` differ by less than a tenth."""
_VCPUS: Final = {"medium": 1, "large": 2, "xlarge": 4}
_BURSTABLE: Final = {"medium": 4, "large": 8, "xlarge": 16, "2xlarge": 32}
_ACCELERATED: Final = {
    "g4dn": {"xlarge": 16, "2xlarge": 32, "4xlarge": 64, "8xlarge": 128, "12xlarge": 192}
    | {"16xlarge": 256},
    "g5": {"xlarge": 16, "2xlarge": 32, "4xlarge": 64, "8xlarge": 128, "12xlarge": 192}
    | {"16xlarge": 256, "24xlarge": 384, "48xlarge": 768},
    "g6": {"xlarge": 16, "2xlarge": 32, "4xlarge": 64, "8xlarge": 128, "12xlarge": 192}
    | {"16xlarge": 256, "24xlarge": 384, "48xlarge": 768},
    "p2": {"xlarge": 61, "8xlarge": 488, "16xlarge": 732},
    "p3": {"2xlarge": 61, "8xlarge": 244, "16xlarge": 488},
    "p3dn": {"24xlarge": 768},
    "p4d": {"24xlarge": 1152},
    "p4de": {"24xlarge": 1152},
    "p5": {"48xlarge": 2048},
    "inf1": {"xlarge": 8, "2xlarge": 16, "6xlarge": 48, "24xlarge": 192},
    "inf2": {"xlarge": 16, "8xlarge": 128, "24xlarge": 384, "48xlarge": 768},
    "trn1": {"2xlarge": 32, "32xlarge": 512},
}


def memory_bytes(instance_type: str) -> int | None:
    """The memory of an instance type; None for a type that is not in the tables."""
    parts = _TYPE.fullmatch(instance_type)
    if parts is None:
        return None
    gibibytes = _gibibytes(parts["family"], parts["size"])
    return None if gibibytes is None else gibibytes * _GIBIBYTE


def _gibibytes(family: str, size: str) -> int | None:
    if family in _ACCELERATED:
        return _ACCELERATED[family].get(size)
    if family.startswith("t"):
        return _BURSTABLE.get(size)
    per_vcpu = _GIB_PER_VCPU.get(family[0])
    multiple = re.fullmatch(r"(\d+)xlarge", size)
    vcpus = _VCPUS.get(size) or (4 * int(multiple[1]) if multiple else None)
    return None if per_vcpu is None or vcpus is None else per_vcpu * vcpus
