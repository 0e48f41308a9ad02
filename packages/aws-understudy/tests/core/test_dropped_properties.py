"""What a template says must be seen again through the service's own API, property by property."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import Stack

TAGS = [{"Key": "project", "Value": "x"}]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": "000000000000"}},
        }
    ],
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}],
}


def contains(actual: Any, wanted: Any, path: str = "") -> None:
    """Assert that everything wanted is in the actual value; more may be there."""
    if isinstance(wanted, dict):
        assert isinstance(actual, dict), f"{path}: {actual!r}"
        for name, value in wanted.items():
            assert name in actual, f"{path}.{name} was dropped; there is {sorted(actual)}"
            contains(actual[name], value, f"{path}.{name}")
    elif isinstance(wanted, list):
        assert len(actual) == len(wanted), f"{path}: {actual!r}"
        for i, (item, other) in enumerate(zip(actual, wanted, strict=True)):
            contains(item, other, f"{path}[{i}]")
    else:
        assert actual == wanted, f"{path}: {actual!r} is not {wanted!r}"


def deployed(stack: Stack, type_name: str, properties: dict[str, Any], **more: Any) -> str:
    resources = {"It": {"Type": type_name, "Properties": properties}, **more}
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    return stack.physical_id("It")


def without_cloudformations(tags: list[dict[str, str]]) -> list[dict[str, str]]:
    return [tag for tag in tags if not tag["Key"].startswith("aws:")]


def test_vpc(stack: Stack, client: Callable[[str], Any]) -> None:
    vpc = deployed(
        stack,
        "AWS::EC2::VPC",
        {
            "CidrBlock": "10.1.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "InstanceTenancy": "default",
            "Tags": TAGS,
        },
    )
    ec2 = client("ec2")
    described = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    contains(described, {"CidrBlock": "10.1.0.0/16", "InstanceTenancy": "default"})
    assert without_cloudformations(described["Tags"]) == TAGS
    for attribute in ("enableDnsHostnames", "enableDnsSupport"):
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
        assert answer[attribute[0].upper() + attribute[1:]]["Value"] is True


def test_public_subnet_with_route_and_gateway_endpoint(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.2.0.0/16"}},
        "Gateway": {"Type": "AWS::EC2::InternetGateway", "Properties": {"Tags": TAGS}},
        "Attached": {
            "Type": "AWS::EC2::VPCGatewayAttachment",
            "Properties": {"VpcId": {"Ref": "Vpc"}, "InternetGatewayId": {"Ref": "Gateway"}},
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "CidrBlock": "10.2.0.0/24",
                "AvailabilityZone": "us-east-1a",
                "MapPublicIpOnLaunch": True,
                "Tags": TAGS,
            },
        },
        "Routes": {
            "Type": "AWS::EC2::RouteTable",
            "Properties": {"VpcId": {"Ref": "Vpc"}, "Tags": TAGS},
        },
        "Out": {
            "Type": "AWS::EC2::Route",
            "DependsOn": "Attached",
            "Properties": {
                "RouteTableId": {"Ref": "Routes"},
                "DestinationCidrBlock": "0.0.0.0/0",
                "GatewayId": {"Ref": "Gateway"},
            },
        },
        "Joined": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": {"Ref": "Routes"}, "SubnetId": {"Ref": "Subnet"}},
        },
        "Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "ServiceName": "com.amazonaws.us-east-1.s3",
                "VpcEndpointType": "Gateway",
                "RouteTableIds": [{"Ref": "Routes"}],
            },
        },
        "Wall": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "wall",
                "VpcId": {"Ref": "Vpc"},
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
                ],
            },
        },
        "Flow": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": {"Ref": "Vpc"},
                "ResourceType": "VPC",
                "TrafficType": "REJECT",
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": "flows",
                "DeliverLogsPermissionArn": "arn:aws:iam::000000000000:role/flow",
                "Tags": TAGS,
            },
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    ec2 = client("ec2")
    vpc, gateway = stack.physical_id("Vpc"), stack.physical_id("Gateway")
    subnet = ec2.describe_subnets(SubnetIds=[stack.physical_id("Subnet")])["Subnets"][0]
    contains(subnet, {"VpcId": vpc, "CidrBlock": "10.2.0.0/24", "MapPublicIpOnLaunch": True})
    assert subnet["AvailabilityZone"] == "us-east-1a"
    table = ec2.describe_route_tables(RouteTableIds=[stack.physical_id("Routes")])["RouteTables"][0]
    assert {"0.0.0.0/0": gateway}.items() <= {
        r.get("DestinationCidrBlock"): r.get("GatewayId") for r in table["Routes"]
    }.items()
    assert [a["SubnetId"] for a in table["Associations"]] == [subnet["SubnetId"]]
    endpoint = ec2.describe_vpc_endpoints(VpcEndpointIds=[stack.physical_id("Endpoint")])
    contains(
        endpoint["VpcEndpoints"][0],
        {
            "VpcEndpointType": "Gateway",
            "ServiceName": "com.amazonaws.us-east-1.s3",
            "RouteTableIds": [stack.physical_id("Routes")],
        },
    )
    wall = ec2.describe_security_groups(GroupIds=[stack.physical_id("Wall")])["SecurityGroups"][0]
    contains(wall, {"Description": "wall", "VpcId": vpc})
    contains(wall["IpPermissions"], [{"FromPort": 443, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])
    flow = ec2.describe_flow_logs(FlowLogIds=[stack.physical_id("Flow")])["FlowLogs"][0]
    contains(flow, {"ResourceId": vpc, "TrafficType": "REJECT", "Tags": TAGS})


def test_role_with_managed_and_inline_policies(stack: Stack, client: Callable[[str], Any]) -> None:
    resources = {
        "Managed": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": POLICY, "Description": "d", "Path": "/p/"},
        },
        "It": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": TRUST,
                "Description": "d",
                "RoleName": "audited-role",
                "MaxSessionDuration": 7200,
                "Path": "/p/",
                "ManagedPolicyArns": [{"Ref": "Managed"}],
                "Policies": [{"PolicyName": "inline", "PolicyDocument": POLICY}],
                "Tags": TAGS,
            },
        },
        "More": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "more",
                "PolicyDocument": POLICY,
                "Roles": [{"Ref": "It"}],
            },
        },
        "Profile": {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"Roles": [{"Ref": "It"}], "InstanceProfileName": "audited-profile"},
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    iam = client("iam")
    role = iam.get_role(RoleName="audited-role")["Role"]
    contains(role, {"Description": "d", "MaxSessionDuration": 7200, "Path": "/p/"})
    assert role["AssumeRolePolicyDocument"] == TRUST
    assert without_cloudformations(role["Tags"]) == TAGS
    attached = iam.list_attached_role_policies(RoleName="audited-role")["AttachedPolicies"]
    assert [policy["PolicyArn"] for policy in attached] == [stack.physical_id("Managed")]
    assert sorted(iam.list_role_policies(RoleName="audited-role")["PolicyNames"]) == [
        "inline",
        "more",
    ]
    profile = iam.get_instance_profile(InstanceProfileName="audited-profile")["InstanceProfile"]
    assert [role["RoleName"] for role in profile["Roles"]] == ["audited-role"]


def test_key_with_rotation(stack: Stack, client: Callable[[str], Any]) -> None:
    document = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
    }
    key = deployed(
        stack,
        "AWS::KMS::Key",
        {
            "Description": "d",
            "EnableKeyRotation": True,
            "KeyPolicy": document,
            "PendingWindowInDays": 7,
            "Tags": TAGS,
        },
        Named={
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/audited", "TargetKeyId": {"Ref": "It"}},
        },
    )
    kms = client("kms")
    assert kms.describe_key(KeyId="alias/audited")["KeyMetadata"]["KeyId"] == key
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Description"] == "d"
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is True
    policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
    assert json.loads(policy) == document


def test_function_with_its_permission(stack: Stack, client: Callable[[str], Any]) -> None:
    resources = {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": TRUST},
        },
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 30}},
        "Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
        "It": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"ZipFile": "def handler(event, context):\n    return 1\n"},
                "Handler": "index.handler",
                "Runtime": "python3.12",
                "Architectures": ["arm64"],
                "Description": "d",
                "MemorySize": 256,
                "Timeout": 31,
                "ReservedConcurrentExecutions": 2,
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Environment": {"Variables": {"A": "1"}},
                "LoggingConfig": {"LogGroup": {"Ref": "Logs"}, "LogFormat": "JSON"},
                "DeadLetterConfig": {"TargetArn": {"Fn::GetAtt": ["Dead", "Arn"]}},
                "Tags": TAGS,
            },
        },
        "Allowed": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": {"Fn::GetAtt": ["It", "Arn"]},
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": "arn:aws:events:us-east-1:000000000000:rule/r",
            },
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    functions, name = client("lambda"), stack.physical_id("It")
    described = functions.get_function(FunctionName=name)
    contains(
        described["Configuration"],
        {
            "Handler": "index.handler",
            "Runtime": "python3.12",
            "Architectures": ["arm64"],
            "Description": "d",
            "MemorySize": 256,
            "Timeout": 31,
            "Environment": {"Variables": {"A": "1"}},
            "LoggingConfig": {"LogGroup": stack.physical_id("Logs"), "LogFormat": "JSON"},
        },
    )
    assert "TargetArn" in described["Configuration"]["DeadLetterConfig"]
    assert described["Concurrency"]["ReservedConcurrentExecutions"] == 2
    assert described["Tags"]["project"] == "x"
    statement = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Condition"]["ArnLike"]["AWS:SourceArn"].endswith("rule/r")
    logs = client("logs").describe_log_groups(logGroupNamePrefix=stack.physical_id("Logs"))
    assert logs["logGroups"][0]["retentionInDays"] == 30


def test_glue_database_table_and_crawler(stack: Stack, client: Callable[[str], Any]) -> None:
    table = {
        "Name": "audited_table",
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"classification": "parquet", "projection.enabled": "true"},
        "PartitionKeys": [{"Name": "y", "Type": "string"}],
        "StorageDescriptor": {
            "Location": "s3://b/t/",
            "Columns": [{"Name": "a", "Type": "int", "Comment": "c"}],
            "InputFormat": "in",
            "OutputFormat": "out",
            "SerdeInfo": {"SerializationLibrary": "z", "Parameters": {"k": "v"}},
        },
    }
    crawler = {
        "Name": "audited-crawler",
        "Role": "arn:aws:iam::000000000000:role/g",
        "DatabaseName": "audited",
        "Description": "d",
        "Targets": {"S3Targets": [{"Path": "s3://b/raw/", "Exclusions": ["**.tmp"]}]},
        "Configuration": '{"Version":1.0}',
        "SchemaChangePolicy": {"DeleteBehavior": "LOG", "UpdateBehavior": "UPDATE_IN_DATABASE"},
        "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
        "TablePrefix": "t_",
        "Schedule": {"ScheduleExpression": "cron(0 1 * * ? *)"},
    }
    security = {"CloudWatchEncryption": {"CloudWatchEncryptionMode": "DISABLED"}}
    encryption = [{"S3EncryptionMode": "SSE-S3"}]
    resources = {
        "Db": {
            "Type": "AWS::Glue::Database",
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseInput": {
                    "Name": "audited",
                    "Description": "d",
                    "LocationUri": "s3://b/",
                    "Parameters": {"k": "v"},
                },
            },
        },
        "Table": {
            "Type": "AWS::Glue::Table",
            "DependsOn": "Db",
            "Properties": {
                "CatalogId": {"Ref": "AWS::AccountId"},
                "DatabaseName": "audited",
                "TableInput": table,
            },
        },
        "Crawler": {
            "Type": "AWS::Glue::Crawler",
            "DependsOn": "Db",
            "Properties": {
                **crawler,
                "CrawlerSecurityConfiguration": {"Ref": "Sec"},
                "Tags": {"a": "b"},
            },
        },
        "Sec": {
            "Type": "AWS::Glue::SecurityConfiguration",
            "Properties": {
                "Name": "audited-security",
                "EncryptionConfiguration": {**security, "S3Encryptions": encryption},
            },
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    glue = client("glue")
    contains(
        glue.get_database(Name="audited")["Database"],
        {"Description": "d", "LocationUri": "s3://b/", "Parameters": {"k": "v"}},
    )
    contains(glue.get_table(DatabaseName="audited", Name="audited_table")["Table"], table)
    described = glue.get_crawler(Name="audited-crawler")["Crawler"]
    contains(described, crawler)
    assert described["CrawlerSecurityConfiguration"] == "audited-security"
    arn = "arn:aws:glue:us-east-1:000000000000:crawler/audited-crawler"
    assert glue.get_tags(ResourceArn=arn)["Tags"] == {"a": "b"}
    contains(
        glue.get_security_configuration(Name="audited-security")["SecurityConfiguration"],
        {"EncryptionConfiguration": {**security, "S3Encryption": encryption}},
    )


def test_work_group(stack: Stack, client: Callable[[str], Any]) -> None:
    configuration = {
        "EnforceWorkGroupConfiguration": True,
        "PublishCloudWatchMetricsEnabled": False,
        "BytesScannedCutoffPerQuery": 10_000_000,
        "RequesterPaysEnabled": False,
        "EngineVersion": {"SelectedEngineVersion": "Athena engine version 3"},
        "ResultConfiguration": {
            "OutputLocation": "s3://b/q/",
            "ExpectedBucketOwner": "000000000000",
            "EncryptionConfiguration": {"EncryptionOption": "SSE_S3"},
        },
    }
    deployed(
        stack,
        "AWS::Athena::WorkGroup",
        {
            "Name": "audited",
            "Description": "d",
            "State": "ENABLED",
            "RecursiveDeleteOption": True,
            "WorkGroupConfiguration": configuration,
            "Tags": TAGS,
        },
    )
    athena = client("athena")
    described = athena.get_work_group(WorkGroup="audited")["WorkGroup"]
    contains(described, {"Description": "d", "State": "ENABLED", "Configuration": configuration})
    arn = "arn:aws:athena:us-east-1:000000000000:workgroup/audited"
    assert athena.list_tags_for_resource(ResourceARN=arn)["Tags"] == TAGS


def test_rule_topic_queue_alarm_and_parameter(stack: Stack, client: Callable[[str], Any]) -> None:
    pattern = {"source": ["aws.glue"], "detail": {"state": ["Failed"]}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": {"Ref": "Topic"},
    }
    alarm = {
        "AlarmName": "audited-alarm",
        "AlarmDescription": "d",
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "MetricName": "Errors",
        "Namespace": "AWS/Lambda",
        "Dimensions": [{"Name": "FunctionName", "Value": "f"}],
        "Period": 300,
        "Statistic": "Sum",
        "Threshold": 1,
        "TreatMissingData": "notBreaching",
    }
    resources = {
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {
                "DisplayName": "alarms",
                "KmsMasterKeyId": "alias/aws/sns",
                "Tags": TAGS,
            },
        },
        "Mail": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": "Topic"},
                "Protocol": "email",
                "Endpoint": "a@example.com",
            },
        },
        "Access": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [{"Ref": "Topic"}],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            },
        },
        "Dead": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "MessageRetentionPeriod": 1209600,
                "SqsManagedSseEnabled": True,
                "Tags": TAGS,
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Name": "audited-rule",
                "Description": "d",
                "State": "ENABLED",
                "EventPattern": pattern,
                "Targets": [
                    {
                        "Id": "T",
                        "Arn": {"Ref": "Topic"},
                        "RetryPolicy": {"MaximumRetryAttempts": 2},
                        "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}},
                        "InputTransformer": {
                            "InputPathsMap": {"s": "$.detail.state"},
                            "InputTemplate": '"<s>"',
                        },
                    }
                ],
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {**alarm, "AlarmActions": [{"Ref": "Topic"}], "Tags": TAGS},
        },
        "Parameter": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {
                "Name": "/audited/p",
                "Type": "String",
                "Value": "1",
                "Description": "d",
                "Tags": {"project": "x"},
            },
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    topic = stack.physical_id("Topic")
    sns = client("sns")
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    contains(attributes, {"DisplayName": "alarms", "KmsMasterKeyId": "alias/aws/sns"})
    assert json.loads(attributes["Policy"])["Statement"][0]["Resource"] == topic
    contains(
        sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"],
        [{"Protocol": "email", "Endpoint": "a@example.com"}],
    )
    queue = client("sqs").get_queue_attributes(
        QueueUrl=stack.physical_id("Dead"), AttributeNames=["All"]
    )["Attributes"]
    contains(queue, {"MessageRetentionPeriod": "1209600", "SqsManagedSseEnabled": "true"})
    events = client("events")
    rule = events.describe_rule(Name="audited-rule")
    contains(rule, {"Description": "d", "State": "ENABLED"})
    assert json.loads(rule["EventPattern"]) == pattern
    target = events.list_targets_by_rule(Rule="audited-rule")["Targets"][0]
    contains(target, {"Arn": topic, "RetryPolicy": {"MaximumRetryAttempts": 2}})
    contains(target, {"DeadLetterConfig": {"Arn": queue["QueueArn"]}})
    assert target["InputTransformer"]["InputTemplate"] == '"<s>"'
    described = client("cloudwatch").describe_alarms(AlarmNames=["audited-alarm"])["MetricAlarms"][
        0
    ]
    contains(described, {**alarm, "AlarmActions": [topic]})
    parameter = client("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": ["/audited/p"]}]
    )["Parameters"][0]
    assert parameter["Description"] == "d"


def test_budget_with_its_notification(stack: Stack, client: Callable[[str], Any]) -> None:
    notification = {
        "ComparisonOperator": "GREATER_THAN",
        "NotificationType": "ACTUAL",
        "Threshold": 80.0,
        "ThresholdType": "PERCENTAGE",
    }
    subscriber = {"SubscriptionType": "EMAIL", "Address": "a@example.com"}
    name = deployed(
        stack,
        "AWS::Budgets::Budget",
        {
            "Budget": {
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": 20, "Unit": "USD"},
                "CostFilters": {"TagKeyValue": ["user:project$x"]},
            },
            "NotificationsWithSubscribers": [
                {"Notification": notification, "Subscribers": [subscriber]}
            ],
            "ResourceTags": TAGS,
        },
    )
    budgets = client("budgets")
    named = {"AccountId": "000000000000", "BudgetName": name}
    contains(
        budgets.describe_budget(**named)["Budget"],
        {"BudgetLimit": {"Unit": "USD"}, "CostFilters": {"TagKeyValue": ["user:project$x"]}},
    )
    contains(budgets.describe_notifications_for_budget(**named)["Notifications"], [notification])
    described = budgets.describe_subscribers_for_notification(**named, Notification=notification)
    assert described["Subscribers"] == [subscriber]
    arn = f"arn:aws:budgets::000000000000:budget/{name}"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == TAGS


def test_the_comparison_itself_notices_a_dropped_property() -> None:
    with pytest.raises(AssertionError, match="was dropped"):
        contains({"A": {}}, {"A": {"B": 1}})
