"""Clients of the emulator, whatever the user's shell and AWS profile say."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.request import ProxyHandler, build_opener

import boto3
import botocore.session
from botocore.config import Config

if TYPE_CHECKING:
    from rehearsal.targets.local.toolchain import Endpoint

# Where botocore would look for what the user has configured: nowhere.
_NOTHING_OF_THE_USERS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


def emulator_client(service: str, *, endpoint: Endpoint, region: str) -> Any:
    """A boto3 client of one service; the address is named in full, and no proxy is used."""
    session = botocore.session.Session(session_vars=_NOTHING_OF_THE_USERS)
    return boto3.Session(botocore_session=session).client(
        service,
        endpoint_url=endpoint.url,
        region_name=region,
        aws_access_key_id=endpoint.access_key_id,
        aws_secret_access_key=endpoint.secret_access_key,
        config=Config(proxies={}, retries={"max_attempts": 2}, read_timeout=300),
    )


def read_page(url: str) -> Any:
    """The JSON of one of the emulator's own pages."""
    with build_opener(ProxyHandler({})).open(url, timeout=30) as answer:
        return json.load(answer)
