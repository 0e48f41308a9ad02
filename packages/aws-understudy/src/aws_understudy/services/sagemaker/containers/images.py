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
_IMAGE = re.compile(rf"(?:^|/)(?P<family>{'|'.join(_FAMILIES)})[:@](?P<tag>[\w.-]+)")


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
    image = _IMAGE.search(image_uri)
    if image is None:
        raise invalid(
            f"The emulator has no local runtime for image {image_uri!r}. It runs the images named "
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
