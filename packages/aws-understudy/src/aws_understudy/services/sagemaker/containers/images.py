"""Says which program of this machine stands in for a container image, or refuses."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from aws_understudy.services.sagemaker.inputs import invalid

_FAMILIES: Final = {
    "sagemaker-scikit-learn": ("scikit-learn", "pandas"),
    "sagemaker-xgboost": ("xgboost", "scikit-learn", "pandas"),
}
"""Repositories of images, each with the libraries that stand in for what it carries."""
_IMAGE = re.compile(
    r"(?P<registry>\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?"
    rf"/(?P<family>{'|'.join(_FAMILIES)})[:@](?P<tag>[\w.:-]+)"
)
_REGISTRIES = frozenset(
    {
        *(
            "104374241257",
            "106583098589",
            "108575199400",
            "121021644041",
            "124985052026",
            "141502667606",
        ),
        *(
            "190319476487",
            "237065988967",
            "246618743249",
            "257758044811",
            "272398656194",
            "281123927165",
        ),
        *(
            "341280168497",
            "354813040037",
            "366743142698",
            "414596584902",
            "450853457545",
            "451049120500",
        ),
        *(
            "492215442770",
            "510948584623",
            "628508329040",
            "651117190479",
            "659782779980",
            "662702820516",
        ),
        *(
            "680994064768",
            "683313688378",
            "720646828776",
            "737474898029",
            "746614075791",
            "764974769150",
        ),
        *(
            "783357654285",
            "801668240914",
            "833128469047",
            "867004704886",
            "898809789911",
            "951798379941",
        ),
        *("978288397137",),
    }
)
"""AWS's accounts that hold the image, one a region. Source: SageMaker's guide, "Docker Registry
Paths and Example Code", scikit-learn; the SageMaker SDK carries the same table."""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """A Python that runs the scripts of an image."""

    python: str
    note: str
    """How it differs from the image."""


def local_runtime(image_uri: str) -> Runtime:
    """Find the stand-in for an image.

    Raises:
        AwsError: no program here can stand in for the image; nothing was run.
    """
    image = _IMAGE.fullmatch(image_uri)
    if image is None or image["registry"] not in _REGISTRIES:
        raise invalid(
            f"The emulator has no local runtime for image {image_uri!r}. It runs AWS's own images "
            f"{' and '.join(_FAMILIES)} as local processes; others need a real account."
        )
    try:
        libraries = [f"{name} {version(_installed(name))}" for name in _FAMILIES[image["family"]]]
    except PackageNotFoundError as error:
        raise invalid(
            f"The emulator runs {image['family']} with the library {error.name} of this machine, "
            f"which is not installed; install it: pip install {error.name}."
        ) from None
    note = (
        f"image tag {image['tag']} replaced by Python {platform.python_version()} with "
        f"{', '.join(libraries)} of this machine"
    )
    return Runtime(python=sys.executable, note=note)


def _installed(library: str) -> str:
    """The distribution that a library came in: XGBoost has one for machines without a GPU."""
    if library != "xgboost":
        return library
    try:
        version("xgboost-cpu")
    except PackageNotFoundError:
        return library
    return "xgboost-cpu"
