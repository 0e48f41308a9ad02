"""Credentials: whether there are any that AWS takes, said in one line before time is spent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as AwsConnectionError
from botocore.exceptions import MissingDependencyException as MissingDependencyError

from preflight.account import DeniedError

if TYPE_CHECKING:
    from preflight.account import Account

STEP: Final = "step 1 of docs/deploy.md says how to get them"


class CredentialsError(Exception):
    """There are no credentials that AWS takes; the message says what to do."""


def require_credentials(account: Account) -> str:
    """Ask AWS whose credentials these are: the number of the account.

    Raises:
        CredentialsError: AWS takes none, or is out of reach.
    """
    try:
        number, _ = account.identity()
    except (AwsConnectionError, HTTPClientError) as error:
        raise CredentialsError(
            f"AWS cannot be reached ({error}); `make doctor` looks at network and proxy"
        ) from None
    except MissingDependencyError as error:
        raise CredentialsError(
            f"boto3 cannot read this kind of credentials ({error}); export them as variables: "
            'eval "$(aws configure export-credentials --format env)"'
        ) from None
    except (BotoCoreError, ClientError, DeniedError) as error:
        raise CredentialsError(f"no usable AWS credentials ({error}); {STEP}") from None
    return number
