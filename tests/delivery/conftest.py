"""The variables of a run of the workflow `deploy`."""

from __future__ import annotations

RUN = {
    "CONFIG": "dev",
    "DEFAULT_BRANCH": "main",
    "GITHUB_REF": "refs/heads/main",
    "GITHUB_SHA": "0123abc",
    "ROLE": "arn:aws:iam::123456789012:role/plan",
}
