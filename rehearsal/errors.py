"""What a rehearsal says when it cannot go on."""

from __future__ import annotations


class RehearsalError(Exception):
    """A step that did not prove what it says; the message is for the person who started it."""


class DataError(RehearsalError):
    """A data file that cannot be taken as it is; the message names the file and the fix."""


class Interrupted(BaseException):
    """A signal asked the rehearsal to end; not an ``Exception``, so that no step catches it."""
