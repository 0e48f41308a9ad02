"""Says which program of this machine stands in for a container image, or refuses."""

from __future__ import annotations

import platform
import re
import sys
from dataclasses import dataclass
from importlib.metadata import version

from aws_understudy.services.sagemaker.inputs import invalid

_SCIKIT_LEARN = re.compile(r"(?:^|/)sagemaker-scikit-learn[:@](?P<tag>[\w.-]+)")


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
    image = _SCIKIT_LEARN.search(image_uri)
    if image is None:
        raise invalid(
            f"The emulator has no local runtime for image {image_uri!r}. It runs the images named "
            "sagemaker-scikit-learn as local processes; others need a real account."
        )
    note = (
        f"image tag {image['tag']} replaced by Python {platform.python_version()} with "
        f"scikit-learn {version('scikit-learn')}, pandas {version('pandas')} of this machine"
    )
    return Runtime(python=sys.executable, note=note)
