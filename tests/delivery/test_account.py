"""The account: what is deployed, what is not there, and what may not be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from delivery.account import Account
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = {"StackName": "capstone-dev-query"}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    return Account(region="us-east-1")


@pytest.fixture
def answers(account: Account) -> Iterator[Stubber]:
    with Stubber(account._cloudformation) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def described(status: str) -> dict[str, Any]:
    stack = {**NAME, "StackStatus": status, "CreationTime": "2026-01-01T00:00:00Z"}
    return {"Stacks": [stack]}


@pytest.mark.parametrize("body", ['{"Resources": {"A": {}}}', "Resources: {A: {}}"])
def test_a_template_is_what_was_deployed_in_json_or_yaml(
    account: Account, answers: Stubber, body: str
) -> None:
    answers.add_response("describe_stacks", described("UPDATE_COMPLETE"), NAME)
    answers.add_response("get_template", {"TemplateBody": body}, NAME)

    assert account.template(NAME["StackName"]) == body


def test_a_stack_that_is_not_there_is_empty(account: Account, answers: Stubber) -> None:
    answers.add_client_error(
        "describe_stacks", "ValidationError", "Stack with id capstone-dev-query does not exist"
    )

    assert account.template(NAME["StackName"]) == "{}"


def test_a_change_set_that_nobody_has_executed_is_no_stack(
    account: Account, answers: Stubber
) -> None:
    answers.add_response("describe_stacks", described("REVIEW_IN_PROGRESS"), NAME)

    assert account.template(NAME["StackName"]) == "{}"


def test_a_refusal_is_not_taken_for_a_stack_that_is_not_there(
    account: Account, answers: Stubber
) -> None:
    answers.add_client_error("describe_stacks", "AccessDenied", "User x is not authorized")

    with pytest.raises(DeliveryError, match=r"cannot be asked: .*AccessDenied.* not authorized"):
        account.template(NAME["StackName"])


def test_credentials_that_are_not_taken_are_said(account: Account) -> None:
    with Stubber(account._sts) as stubber:
        stubber.add_client_error("get_caller_identity", "ExpiredToken", "The token is expired")
        with pytest.raises(DeliveryError, match="The token is expired"):
            account.number()
