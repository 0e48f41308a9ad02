"""Sort resource types into what a reader tells apart by colour, and what is only plumbing."""

from __future__ import annotations

import re

_FAMILIES = {
    "storage": "S3 S3Express EFS FSx ECR Backup DynamoDB RDS Neptune DocDB ElastiCache Redshift "
    "RedshiftServerless Timestream CodeCommit",
    "analytics": "Glue Athena LakeFormation QuickSight EMR EMRServerless Kinesis KinesisFirehose "
    "OpenSearchService MSK DataBrew DataZone",
    "learning": "SageMaker Bedrock Comprehend Rekognition",
    "compute": "Lambda EC2Instance ECS EKS Batch AutoScaling Cloud9 CodeBuild PCS AppRunner",
    "network": "EC2 ElasticLoadBalancing ElasticLoadBalancingV2 Route53 CloudFront ApiGateway "
    "ApiGatewayV2 AppSync VpcLattice",
    "events": "Events SNS SQS StepFunctions Scheduler Pipes SES",
    "guard": "KMS SecretsManager WAFv2 Cognito GuardDuty IAM",
    "operations": "CloudWatch Logs Budgets CE SSM Config CloudTrail",
}
_FAMILY = {service: family for family, names in _FAMILIES.items() for service in names.split()}
_COMPUTE = {"AWS::EC2::Instance", "AWS::EC2::LaunchTemplate"}
_PLUMBING = re.compile(
    r"AWS::IAM::.*|AWS::CDK::.*|Custom::.*|AWS::Lambda::(Permission|Version|Alias|LayerVersion"
    r"|EventInvokeConfig|EventSourceMapping)|.*::\w*Policy|AWS::Logs::LogGroup"
    r"|AWS::SSM::Parameter|AWS::EC2::(Route|RouteTable|SubnetRouteTableAssociation|EIP"
    r"|VPCGatewayAttachment|SecurityGroupIngress|SecurityGroupEgress|NetworkAcl\w*"
    r"|SubnetNetworkAclAssociation)|AWS::RDS::DB(Subnet|Parameter)Group"
    r"|AWS::CloudFormation::(WaitCondition\w*|Macro|CustomResource)|AWS::KMS::Alias"
    r"|AWS::SecretsManager::SecretTargetAttachment|AWS::ApiGateway::(Deployment|Stage|Account)"
)
_HELPER = re.compile(
    r"(^|/)(Custom::|LogRetention[0-9a-f]{8,}|BucketNotificationsHandler|framework-on)"
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Properties through which a type starts what they name.
TRIGGERS = {
    "AWS::Events::Rule": ("Targets",),
    "AWS::Scheduler::Schedule": ("Target",),
    "AWS::SNS::Subscription": ("Endpoint",),
    "AWS::Pipes::Pipe": ("Target",),
    "AWS::CloudWatch::Alarm": ("AlarmActions", "OKActions"),
    "AWS::S3::Bucket": ("NotificationConfiguration",),
}
# Properties that name what a type listens to.
LISTENS = {"AWS::Events::Rule": "EventPattern", "AWS::SNS::Subscription": "TopicArn"}
# What sits in a network is not drawn as an arrow to it: nearly everything would point there.
SURROUNDINGS = {"AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::SecurityGroup", "AWS::KMS::Key"}


def family(type_name: str) -> str:
    """Return the family whose colour a type bears; "other" when the service is not known."""
    if type_name in _COMPUTE:
        return "compute"
    parts = type_name.split("::")
    return _FAMILY.get(parts[1], "other") if len(parts) > 1 else "other"


def is_plumbing(type_name: str, path: str) -> bool:
    """Tell whether a resource only serves others, so that a picture is clearer without it."""
    return bool(_PLUMBING.fullmatch(type_name)) or is_helper(path)


def is_helper(path: str) -> bool:
    """Tell whether a construct is one that the CDK adds for its own purposes."""
    return bool(_HELPER.search(path))


def title(type_name: str) -> str:
    """Write a type for people: `AWS::Glue::Database` is "Glue database"."""
    parts = type_name.split("::")
    last = _WORDS.sub(" ", parts[-1])
    words = " ".join(word if word.isupper() else word.lower() for word in last.split())
    service = "AWS" if parts[1:2] == [f"{parts[-1]}s"] else parts[1] if parts[1:] else ""
    return f"{service} {words}" if len(parts) > 2 else words  # noqa: PLR2004 - AWS::service::type
