"""The types that ministack carries without help of ours."""

from __future__ import annotations

from pathlib import Path

from aws_understudy.core.fidelity import control_plane, real, record_only

LEDGERS = tuple(sorted(Path(__file__).with_name("ledgers").glob("*.toml")))
"""What is answered of the services that have no folder of their own."""

FIDELITY = (
    record_only("AWS::CDK::Metadata", "has no meaning outside AWS"),
    real("AWS::CloudFormation::CustomResource", "the Lambda function behind it really runs"),
    control_plane("AWS::CloudWatch::Alarm", "evaluated; of AWS's own metrics only Lambda's exist"),
    control_plane("AWS::CloudWatch::Dashboard", "kept; not drawn"),
    control_plane("AWS::ECR::Repository", "kept; no image can be pushed"),
    real("AWS::Events::Rule", "patterns are matched and targets invoked; no retries"),
    control_plane("AWS::IAM::InstanceProfile", "kept and shown; not enforced"),
    control_plane("AWS::IAM::ManagedPolicy", "kept and shown; not enforced"),
    control_plane("AWS::IAM::Policy", "kept and shown; not enforced"),
    control_plane("AWS::IAM::Role", "kept and shown; not enforced"),
    control_plane("AWS::KMS::Alias", "names a key"),
    real("AWS::KMS::Key", "encrypts and decrypts; S3 objects only bear its id"),
    real("AWS::Logs::LogGroup", "holds the logs of Lambda functions; retention is kept, not run"),
    control_plane("AWS::Logs::MetricFilter", "kept; log lines are not turned into metrics"),
    real("AWS::SQS::Queue", "holds and hands out messages"),
    control_plane("AWS::SQS::QueuePolicy", "kept and shown; not enforced"),
    real("AWS::SSM::Parameter", "holds its value"),
    real("Custom::*", "the Lambda function behind it really runs"),
)
