"""What every workflow promises, read from its YAML.

In `make lint` zizmor knows more dangers, and actionlint the syntax of workflows and expressions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML carries no types

from stacks.delivery import GITHUB_ENVIRONMENT
from tests.conftest import ROOT, SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = {file.name: file.read_text(encoding="utf-8") for file in FOLDER.iterdir()}
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
ROLE_ACTION = "aws-actions/configure-aws-credentials"


def parsed(workflow: str) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(WORKFLOWS[workflow])
    return loaded


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    for workflow in WORKFLOWS:
        for name, job in parsed(workflow)["jobs"].items():
            yield f"{workflow}:{name}", job


def steps(action: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of every job, or those that use an action."""
    for name, job in jobs():
        for step in job["steps"]:
            if step.get("uses", "").startswith(action):
                yield name, step


def deploy_job(name: str) -> dict[str, Any]:
    return dict(parsed("deploy.yml")["jobs"][name])


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def place(job: dict[str, Any], text: str) -> int:
    """Where in a job the one step stands whose command or action begins with a text."""
    (index,) = [
        index
        for index, step in enumerate(job["steps"])
        if step.get("run", step.get("uses", "")).startswith(text)
    ]
    return index


def test_the_workflows_are_read() -> None:
    assert set(WORKFLOWS) == {"ci.yml", "deploy.yml", "release.yml", "review.yml"}
    assert len(list(steps())) > 30


def test_no_value_is_written_into_the_text_that_a_shell_reads() -> None:
    runs = [(name, step["run"]) for name, step in steps() if "run" in step]
    assert len(runs) >= 10

    assert [name for name, text in runs if "${{" in text] == []
    assert [name for name, step in steps() if "shell" in step] == []


def test_every_action_is_pinned_to_a_commit_with_its_version_beside() -> None:
    uses = [
        line.strip().removeprefix("- ")
        for text in WORKFLOWS.values()
        for line in text.splitlines()
        if "uses:" in line
    ]
    assert len(uses) >= 8

    assert [line for line in uses if not PINNED.fullmatch(line)] == []


def test_an_action_has_one_pin_in_all_workflows() -> None:
    pins: dict[str, set[str]] = {}
    for line in "\n".join(WORKFLOWS.values()).splitlines():
        if "uses:" in line:
            action, _, pin = line.partition("uses: ")[2].partition("@")
            pins.setdefault(action, set()).add(pin)

    assert {action: pin for action, pin in pins.items() if len(pin) > 1} == {}


def test_a_checkout_leaves_no_token_behind() -> None:
    checkouts = list(steps("actions/checkout@"))

    assert len(checkouts) == 8
    for name, step in checkouts:
        assert step["with"]["persist-credentials"] is False, name


def test_a_workflow_may_read_its_contents_at_most_and_a_job_what_it_needs() -> None:
    for workflow in WORKFLOWS:
        assert parsed(workflow)["permissions"] in ({}, {"contents": "read"}), workflow
    more = {name: job["permissions"] for name, job in jobs() if "permissions" in job}
    credentials = {"contents": "read", "id-token": "write"}
    assert more == {
        "deploy.yml:plan": credentials,
        "deploy.yml:apply": credentials,
        "release.yml:build": {"contents": "read"},
        "release.yml:draft": {"contents": "write"},
        "review.yml:comment": {"pull-requests": "write"},
    }


def test_what_drafts_a_release_runs_nothing_of_the_checkout() -> None:
    draft = parsed("release.yml")["jobs"]["draft"]

    assert not [step for step in draft["steps"] if "checkout" in step.get("uses", "")]
    (run,) = commands(draft)
    assert run.startswith('gh release create "$TAG" --draft --verify-tag ')
    assert set(parsed("release.yml")[True]) == {"push"}
    assert set(parsed("release.yml")[True]["push"]) == {"tags"}


def test_only_a_job_that_takes_credentials_may_ask_for_a_token() -> None:
    may = {name for name, job in jobs() if "id-token" in job.get("permissions", {})}

    assert may == {name for name, _ in steps(ROLE_ACTION)}


def test_where_a_token_may_write_nothing_of_a_pull_request_runs() -> None:
    comment = parsed("review.yml")["jobs"]["comment"]

    assert not [step for step in comment["steps"] if "checkout" in step.get("uses", "")]
    (run,) = commands(comment)
    assert run.startswith('gh pr comment "$NUMBER" ')


def test_every_job_has_an_end() -> None:
    minutes = {name: job.get("timeout-minutes", 0) for name, job in jobs()}

    assert minutes
    assert {name for name, limit in minutes.items() if not 1 <= limit <= 60} == set()


def test_no_workflow_runs_with_secrets_on_what_a_stranger_sends() -> None:
    # YAML reads the key `on` as true.
    triggers = {trigger for workflow in WORKFLOWS for trigger in parsed(workflow)[True]}

    assert triggers == {"push", "pull_request", "workflow_dispatch"}
    assert [workflow for workflow, text in WORKFLOWS.items() if "secrets." in text] == []


def test_the_environments_to_choose_from_are_those_that_are_shipped() -> None:
    trigger = parsed("deploy.yml")[True]
    choice = trigger["workflow_dispatch"]["inputs"]["config"]

    assert set(trigger) == {"workflow_dispatch"}
    assert choice["type"] == "choice"
    assert choice["options"] == sorted(SHIPPED)
    assert parsed("ci.yml")["jobs"]["synth"]["strategy"]["matrix"]["config"] == sorted(SHIPPED)


@pytest.mark.parametrize("config", SHIPPED)
def test_an_environments_name_can_be_part_of_a_variables_name(config: str) -> None:
    assert re.fullmatch("[a-z][a-z0-9_]*", config)


def test_two_deployments_of_an_environment_never_overlap() -> None:
    assert parsed("deploy.yml")["concurrency"] == {
        "group": "deploy-${{ inputs.config }}",
        "cancel-in-progress": False,
    }


@pytest.mark.parametrize("name", ["plan", "apply"])
def test_branch_and_environment_are_checked_before_credentials_are_taken(name: str) -> None:
    job = deploy_job(name)

    assert job["env"]["DEFAULT_BRANCH"] == "${{ github.event.repository.default_branch }}"
    assert job["env"]["CONFIG"] == "${{ inputs.config }}"
    assert place(job, ".venv/bin/python -m delivery check") < place(job, ROLE_ACTION)
    assert job["steps"][place(job, ROLE_ACTION)]["with"] == {
        "role-to-assume": "${{ env.ROLE }}",
        "aws-region": "${{ steps.check.outputs.region }}",
    }


def test_plan_and_apply_have_a_role_each() -> None:
    for name, variable in (("plan", "PLAN_ROLE_ARN_"), ("apply", "DEPLOY_ROLE_ARN_")):
        role = deploy_job(name)["env"]["ROLE"]
        assert role == f"${{{{ vars[format('{variable}{{0}}', inputs.config)] }}}}"


def test_the_plan_is_judged_before_credentials_are_taken_and_changes_nothing() -> None:
    plan = deploy_job("plan")

    assert place(plan, "make gate") < place(plan, ROLE_ACTION)
    assert commands(plan) == [
        "make setup",
        ".venv/bin/python -m delivery check",
        "make gate",
        ".venv/bin/python -m delivery plan",
    ]
    assert "environment" not in plan


def test_what_is_deployed_is_the_package_whose_digest_the_plan_handed_on() -> None:
    plan, apply = deploy_job("plan"), deploy_job("apply")

    assert plan["outputs"] == {"digest": "${{ steps.plan.outputs.digest }}"}
    assert plan["steps"][place(plan, ".venv/bin/python -m delivery plan")]["id"] == "plan"
    assert apply["env"]["DIGEST"] == "${{ needs.plan.outputs.digest }}"
    upload = plan["steps"][place(plan, "actions/upload-artifact")]["with"]
    download = apply["steps"][place(apply, "actions/download-artifact")]["with"]
    assert upload["path"] == "build/delivery/package.tar"
    assert upload["if-no-files-found"] == "error"
    assert download == {"name": upload["name"], "path": "build/delivery/"}


def test_apply_waits_for_a_reviewer_and_never_synthesizes() -> None:
    apply = deploy_job("apply")

    assert apply["needs"] == "plan"
    assert apply["environment"] == GITHUB_ENVIRONMENT
    assert commands(apply) == [
        "make setup",
        ".venv/bin/python -m delivery check",
        ".venv/bin/python -m delivery apply",
    ]


def test_known_defects_are_put_into_what_was_merged() -> None:
    mutants = parsed("ci.yml")["jobs"]["mutants"]

    assert commands(mutants) == ["make mutants"]
    assert mutants["if"] == "github.event_name == 'push'"
    assert parsed("ci.yml")[True]["push"] == {"branches": ["main"]}


def test_every_python_that_the_project_names_is_tried() -> None:
    tried = parsed("ci.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]

    assert tried[0] == "3.11"
    assert tried == [f"3.{minor}" for minor in range(11, 11 + len(tried))]
