"""How true the emulator is to AWS, resource type by resource type."""

from __future__ import annotations

from dataclasses import dataclass

REAL = "real"
"""It does what it does on AWS: data is stored, code runs, queries are answered."""
CONTROL_PLANE = "control plane"
"""It can be created, changed, described and deleted, but what AWS runs behind it is not there."""
RECORD_ONLY = "record only"
"""What was given is kept and shown again; no check of AWS's is made and nothing follows."""


@dataclass(frozen=True, kw_only=True)
class Fidelity:
    """One resource type and what stands behind it."""

    type: str
    level: str
    note: str


def _real(type_name: str, note: str) -> Fidelity:
    return Fidelity(type=type_name, level=REAL, note=note)


def _control(type_name: str, note: str) -> Fidelity:
    return Fidelity(type=type_name, level=CONTROL_PLANE, note=note)


def _record(type_name: str, note: str) -> Fidelity:
    return Fidelity(type=type_name, level=RECORD_ONLY, note=note)


_NETWORK = "described as on AWS; no packet flows"
_IAM = "kept and shown; not enforced"

FIDELITY: tuple[Fidelity, ...] = (
    _real("AWS::Athena::NamedQuery", "stored; the SQL runs when it is started"),
    _real("AWS::Athena::PreparedStatement", "stored; the SQL runs when it is executed"),
    _real("AWS::Athena::WorkGroup", "result location, enforcement and cutoff are carried out"),
    _control("AWS::Budgets::Budget", "nothing is spent, so no notification is ever sent"),
    _record("AWS::CDK::Metadata", "has no meaning outside AWS"),
    _record("AWS::Cloud9::EnvironmentEC2", "no EC2 instance and no editor behind it"),
    _real("AWS::CloudFormation::CustomResource", "the Lambda function behind it really runs"),
    _control("AWS::CloudWatch::Alarm", "evaluated, but of AWS's own metrics only Lambda's exist"),
    _control("AWS::CloudWatch::Dashboard", "kept; not drawn"),
    _control("AWS::ECR::Repository", "kept; no image can be pushed"),
    _record("AWS::EC2::FlowLog", "no packet flows, so nothing is logged; its role is not kept"),
    _control("AWS::EC2::InternetGateway", _NETWORK),
    _control("AWS::EC2::Route", _NETWORK),
    _control("AWS::EC2::RouteTable", _NETWORK),
    _control("AWS::EC2::SecurityGroup", _NETWORK),
    _control("AWS::EC2::Subnet", _NETWORK),
    _control("AWS::EC2::SubnetRouteTableAssociation", _NETWORK),
    _control("AWS::EC2::VPC", _NETWORK),
    _control("AWS::EC2::VPCEndpoint", "no packet flows; its policy is kept but not shown"),
    _control("AWS::EC2::VPCGatewayAttachment", _NETWORK),
    _real("AWS::Events::Rule", "patterns are matched and targets invoked; no retries"),
    _real("AWS::Glue::Crawler", "reads the files in S3 and writes tables; the role is not used"),
    _real("AWS::Glue::Database", "the catalog that the crawler writes and Athena reads"),
    _control("AWS::Glue::SecurityConfiguration", "kept; nothing is encrypted because of it"),
    _real("AWS::Glue::Table", "the catalog that the crawler writes and Athena reads"),
    _control("AWS::Glue::Workflow", "kept; it is not run"),
    _control("AWS::IAM::InstanceProfile", _IAM),
    _control("AWS::IAM::ManagedPolicy", _IAM),
    _control("AWS::IAM::Policy", _IAM),
    _control("AWS::IAM::Role", _IAM),
    _control("AWS::KMS::Alias", "names a key"),
    _real("AWS::KMS::Key", "encrypts and decrypts; S3 objects only bear its id"),
    _real("AWS::Lambda::Function", "the code runs as a local process, without a sandbox"),
    _control("AWS::Lambda::Permission", _IAM),
    _real("AWS::Logs::LogGroup", "holds the logs of Lambda functions; retention is kept, not run"),
    _control("AWS::Logs::MetricFilter", "kept; log lines are not turned into metrics"),
    _record("AWS::QuickSight::Analysis", "nothing is drawn"),
    _record("AWS::QuickSight::Dashboard", "nothing is drawn"),
    _record("AWS::QuickSight::DataSet", "nothing is imported"),
    _record("AWS::QuickSight::DataSource", "no connection is tried"),
    _real("AWS::S3::Bucket", "holds objects; lifecycle rules are kept, not run"),
    _control("AWS::S3::BucketPolicy", _IAM),
    _record("AWS::SageMaker::Domain", "no Studio behind it"),
    _real("AWS::SageMaker::Endpoint", "a local process serves it"),
    _real("AWS::SageMaker::EndpointConfig", "read by the endpoint"),
    _real("AWS::SageMaker::Model", "read by the endpoint"),
    _real("AWS::SageMaker::ModelPackageGroup", "the registry; an approval is an event"),
    _control("AWS::SageMaker::NotebookInstance", "in service at once; no notebook behind it"),
    _control("AWS::SageMaker::NotebookInstanceLifecycleConfig", "kept; its scripts do not run"),
    _real("AWS::SageMaker::Pipeline", "its steps run as local processes"),
    _record("AWS::SageMaker::Space", "no application behind it"),
    _record("AWS::SageMaker::UserProfile", "no application behind it"),
    _real("AWS::SNS::Subscription", "queues and functions get messages; e-mail is not sent"),
    _real("AWS::SNS::Topic", "messages reach queues and functions"),
    _control("AWS::SNS::TopicPolicy", _IAM),
    _real("AWS::SQS::Queue", "holds and hands out messages"),
    _control("AWS::SQS::QueuePolicy", _IAM),
    _real("AWS::SSM::Parameter", "holds its value"),
    _real("Custom::*", "the Lambda function behind it really runs"),
)
"""Every resource type that may be deployed; one that is not here is refused up front."""

SUPPORTED_TYPES = frozenset(entry.type for entry in FIDELITY)
