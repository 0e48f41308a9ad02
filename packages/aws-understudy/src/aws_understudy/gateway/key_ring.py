"""Finds the secret behind every access key that was issued: the run's, users', sessions'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ministack.core import iam_evaluator, responses

if TYPE_CHECKING:
    from aws_understudy.core.credentials import Credentials


class UnknownKeyError(Exception):
    """Nobody issued the access key, or it is expired, inactive or lacks its session token."""


class KeyRing:
    """Finds the secret behind an access key: the run's own, an IAM user's, or a session's."""

    def __init__(self, *, account: str, root: Credentials) -> None:
        self._account = account
        # ministack gives Lambda workers the account's id as their access key.
        self._root_keys = frozenset({root.access_key_id, account})
        self._root = root

    def secret(self, access_key_id: str, *, session_token: str) -> str:
        """The secret that signs with a key.

        Raises:
            UnknownKeyError: the key opens nothing here.
        """
        if access_key_id in self._root_keys:
            return self._root.secret_access_key
        if iam_evaluator.is_root_access_key(access_key_id):
            raise UnknownKeyError  # ministack's constant "test", and other accounts' ids
        account = responses._account_from_sts_session(access_key_id)  # noqa: SLF001 - pins.py
        credential = iam_evaluator.resolve_credential(
            access_key_id, account or self._account, session_token
        )
        if isinstance(credential, iam_evaluator.CredentialResolutionError):
            raise UnknownKeyError(credential.message)
        return str(credential.secret_access_key)
