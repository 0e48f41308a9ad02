"""Statements are found wherever they are written, classed and marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stackverdict.iam.actions import level, narrowable
from stackverdict.iam.marks import marks
from stackverdict.iam.matrix import cells, rows_of
from stackverdict.loading.assembly import load_assembly
from stackverdict.subject import Subject

if TYPE_CHECKING:
    from stackverdict.iam.statements import Statement
    from tests.conftest import Write, WriteAssembly

TRUST = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
}
ROLE = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST}}


def policy(statement: dict[str, Any], role: str = "Role") -> dict[str, Any]:
    return {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "p",
            "Roles": [{"Ref": role}],
            "PolicyDocument": {"Statement": [statement]},
        },
    }


def only(subject: Subject, kind: str = "identity") -> Statement:
    (statement,) = [statement for statement in subject.statements if statement.kind == kind]
    return statement


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("s3:GetObject", "read"),
        ("s3:List*", "read"),
        ("s3:Put*", "permissions"),
        ("s3:PutObject", "write"),
        ("iam:PassRole", "permissions"),
        ("glue:*", "all"),
        ("*", "all"),
        ("nosuch:GetThing", "read"),
        ("nosuch:MakeThing", "write"),
    ],
)
def test_an_action_is_classed_by_the_most_it_allows(action: str, expected: str) -> None:
    assert level(action) == expected


def test_an_action_that_aws_cannot_narrow_is_known() -> None:
    assert not narrowable("ecr:GetAuthorizationToken")
    assert narrowable("s3:GetObject")


def test_a_policy_of_its_own_resource_belongs_to_the_role_it_is_attached_to(
    template: Write,
) -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    assert only(template(Role=ROLE, Policy=policy(allow))).holder == "stack/Role"


def test_a_bucket_policy_belongs_to_its_bucket(template: Write) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    subject = template(
        Data={"Type": "AWS::S3::Bucket"},
        Policy={
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": {"Ref": "Data"},
                "PolicyDocument": {"Statement": statement},
            },
        },
    )
    carried = only(subject, "resource")
    assert (carried.holder, marks(carried)) == ("stack/Data", ("anyone may use it",))


def test_both_branches_of_a_condition_are_read(template: Write) -> None:
    allow = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    subject = template(Role=ROLE, Policy=policy({"Fn::If": ["C", allow, {"Ref": "AWS::NoValue"}]}))
    assert only(subject).actions == ("s3:GetObject",)


def test_a_policy_written_as_text_is_read(template: Write) -> None:
    text = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "logs:PutLogEvents"}]}'
    subject = template(
        Logs={"Type": "AWS::Logs::ResourcePolicy", "Properties": {"PolicyDocument": text}}
    )
    assert only(subject, "resource").actions == ("logs:PutLogEvents",)


def test_a_permission_with_a_source_is_not_public(template: Write) -> None:
    subject = template(
        Permission={
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunction",
                "FunctionName": "f",
                "Principal": "*",
                "SourceAccount": {"Ref": "AWS::AccountId"},
            },
        }
    )
    assert marks(only(subject, "resource")) == ()


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ({"Action": "glue:*", "Resource": "arn:x"}, "every action of glue"),
        ({"Action": "s3:GetObject", "Resource": "*"}, "any resource"),
        ({"Action": "iam:PassRole", "Resource": "arn:x"}, "passes roles without a condition"),
        (
            {"Action": "iam:PutRolePolicy", "Resource": "arn:x"},
            "can raise its own rights (iam:PutRolePolicy)",
        ),
        ({"NotAction": "iam:*", "Resource": "arn:x"}, "allows all but what it lists"),
    ],
)
def test_what_deserves_a_second_look_is_marked(
    template: Write, statement: dict[str, Any], expected: str
) -> None:
    subject = template(Role=ROLE, Policy=policy({"Effect": "Allow", **statement}))
    assert expected in marks(only(subject))


def test_a_denial_is_not_marked(template: Write) -> None:
    subject = template(Role=ROLE, Policy=policy({"Effect": "Deny", "Action": "*", "Resource": "*"}))
    assert marks(only(subject)) == ()


def test_another_account_in_a_trust_policy_is_marked(template: Write) -> None:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {
                "Statement": {
                    "Effect": "Allow",
                    "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
                    "Action": "sts:AssumeRole",
                }
            }
        },
    }
    assert marks(only(template(Role=role), "trust")) == ("another account: 210987654321",)


def test_the_stacks_own_account_is_not_another_account(cloud_assembly: WriteAssembly) -> None:
    trust = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
        "Action": "sts:AssumeRole",
    }
    role = {"AssumeRolePolicyDocument": {"Statement": trust}}
    body = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}
    root = cloud_assembly({"App": (body, {})})
    manifest = (root / "manifest.json").read_text().replace("unknown-account", "210987654321")
    (root / "manifest.json").write_text(manifest)
    assert marks(only(Subject(load_assembly(root), {}), "trust")) == ()


def test_a_function_url_that_asks_for_a_signature_is_not_public(template: Write) -> None:
    subject = template(
        Permission={
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "Action": "lambda:InvokeFunctionUrl",
                "FunctionName": "f",
                "Principal": "*",
                "FunctionUrlAuthType": "AWS_IAM",
            },
        }
    )
    assert marks(only(subject, "resource")) == ()


def test_the_matrix_holds_the_strongest_level_of_each_service(template: Write) -> None:
    subject = template(
        Role=ROLE,
        One=policy({"Effect": "Allow", "Action": ["s3:GetObject", "glue:*"], "Resource": "*"}),
        Two=policy({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}),
    )
    rows = rows_of(subject.statements, subject.assembly, subject.references)
    assert cells(rows) == {("stack", "Role"): {"s3": "write", "glue": "all"}}


def test_a_managed_policy_is_a_row_that_says_what_is_not_seen(template: Write) -> None:
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        },
    }
    subject = template(Role=role)
    row = rows_of(subject.statements, subject.assembly, subject.references)[-1]
    assert row.actions == ("AdministratorAccess",)
    assert row.marks[0] == "a very broad managed policy"


def test_a_condition_is_written_as_a_sentence(template: Write) -> None:
    condition = {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
    allow = {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "*",
        "Condition": condition,
    }
    subject = template(Role=ROLE, Policy=policy(allow))
    row = rows_of(subject.statements, subject.assembly, subject.references)[-1]
    assert row.condition == "iam:PassedToService StringEquals sagemaker.amazonaws.com"


def key(principal: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
    return {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Statement": [statement]}}}


def test_a_key_that_leaves_the_decision_to_its_own_accounts_iam_is_not_broad(
    template: Write,
) -> None:
    root = {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}}
    assert marks(only(template(Key=key(root)), "resource")) == ()


@pytest.mark.parametrize("principal", ["*", {"AWS": "arn:aws:iam::999988887777:root"}])
def test_a_key_for_anybody_else_stays_broad(template: Write, principal: Any) -> None:
    assert "every action of kms" in marks(only(template(Key=key(principal)), "resource"))
