"""Requests that work, and the calls that show what they made."""

from __future__ import annotations

import json

from ledger.probing import Probe

ROLE = "arn:aws:iam::000000000000:role/r"
ALLOWED = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [ALLOWED]})

PROBES = (
    Probe(
        service="athena",
        operation="CreateWorkGroup",
        base={"Name": "{n}"},
        shows={
            "GetWorkGroup": {"WorkGroup": "{n}"},
            "ListTagsForResource": {
                "ResourceARN": "arn:aws:athena:us-east-1:000000000000:workgroup/{n}"
            },
        },
        values={"Configuration": {"BytesScannedCutoffPerQuery": 12345678}},
    ),
    Probe(
        service="athena",
        operation="CreateNamedQuery",
        base={"Name": "{n}", "Database": "d", "QueryString": "SELECT 1"},
        shows={"GetNamedQuery": {"NamedQueryId": "<NamedQueryId>"}},
    ),
    Probe(
        service="athena",
        operation="CreatePreparedStatement",
        base={"StatementName": "{n}", "WorkGroup": "primary", "QueryStatement": "SELECT 1"},
        shows={"GetPreparedStatement": {"StatementName": "{n}", "WorkGroup": "primary"}},
    ),
    Probe(
        service="glue",
        operation="CreateDatabase",
        base={"DatabaseInput": {"Name": "{n}"}},
        shows={
            "GetDatabase": {"Name": "{n}"},
            "GetTags": {"ResourceArn": "arn:aws:glue:us-east-1:000000000000:database/{n}"},
        },
    ),
    Probe(
        service="glue",
        operation="CreateCrawler",
        base={"Name": "{n}", "Role": "r", "Targets": {"S3Targets": [{"Path": "s3://a"}]}},
        shows={
            "GetCrawler": {"Name": "{n}"},
            "GetTags": {"ResourceArn": "arn:aws:glue:us-east-1:000000000000:crawler/{n}"},
        },
    ),
    Probe(
        service="glue",
        operation="CreateWorkflow",
        base={"Name": "{n}"},
        shows={
            "GetWorkflow": {"Name": "{n}"},
            "GetTags": {"ResourceArn": "arn:aws:glue:us-east-1:000000000000:workflow/{n}"},
        },
    ),
    Probe(
        service="kms",
        operation="CreateKey",
        base={},
        shows={
            "DescribeKey": {"KeyId": "<KeyMetadata.KeyId>"},
            "ListResourceTags": {"KeyId": "<KeyMetadata.KeyId>"},
            "GetKeyPolicy": {"KeyId": "<KeyMetadata.KeyId>"},
        },
        values={"Policy": POLICY, "KeyUsage": "SIGN_VERIFY"},
    ),
    Probe(
        service="sns",
        operation="CreateTopic",
        base={"Name": "{n}"},
        shows={
            "GetTopicAttributes": {"TopicArn": "<TopicArn>"},
            "ListTagsForResource": {"ResourceArn": "<TopicArn>"},
        },
        values={"Attributes": {"DisplayName": "shown"}},
    ),
    Probe(
        service="sqs",
        operation="CreateQueue",
        base={"QueueName": "{n}"},
        shows={
            "GetQueueAttributes": {"QueueUrl": "<QueueUrl>", "AttributeNames": ["All"]},
            "ListQueueTags": {"QueueUrl": "<QueueUrl>"},
        },
        values={"Attributes": {"DelaySeconds": "7"}},
    ),
    Probe(
        service="events",
        operation="PutRule",
        base={"Name": "{n}", "EventPattern": '{"source":["a"]}'},
        shows={
            "DescribeRule": {"Name": "{n}"},
            "ListTagsForResource": {"ResourceARN": "<RuleArn>"},
        },
        values={"ScheduleExpression": "rate(5 minutes)", "State": "DISABLED"},
    ),
    Probe(
        service="events",
        operation="CreateEventBus",
        base={"Name": "{n}"},
        shows={
            "DescribeEventBus": {"Name": "{n}"},
            "ListTagsForResource": {"ResourceARN": "<EventBusArn>"},
        },
    ),
    Probe(
        service="logs",
        operation="CreateLogGroup",
        base={"logGroupName": "{n}"},
        shows={
            "DescribeLogGroups": {"logGroupNamePrefix": "{n}"},
            "ListTagsForResource": {
                "resourceArn": "arn:aws:logs:us-east-1:000000000000:log-group:{n}"
            },
        },
        values={
            "kmsKeyId": "arn:aws:kms:us-east-1:000000000000:key/a",
            "logGroupClass": "DELIVERY",
        },
    ),
    Probe(
        service="cloudwatch",
        operation="PutMetricAlarm",
        base={
            "AlarmName": "{n}",
            "MetricName": "m",
            "Namespace": "n",
            "Period": 60,
            "EvaluationPeriods": 3,
            "Threshold": 1.0,
            "ComparisonOperator": "GreaterThanThreshold",
            "Statistic": "Sum",
        },
        shows={
            "DescribeAlarms": {"AlarmNames": ["{n}"]},
            "ListTagsForResource": {
                "ResourceARN": "arn:aws:cloudwatch:us-east-1:000000000000:alarm:{n}"
            },
        },
        values={"TreatMissingData": "breaching", "DatapointsToAlarm": 2, "ActionsEnabled": False},
    ),
    Probe(
        service="iam",
        operation="CreateRole",
        base={"RoleName": "{n}", "AssumeRolePolicyDocument": POLICY},
        shows={"GetRole": {"RoleName": "{n}"}},
        values={
            "Path": "/a/",
            "MaxSessionDuration": 7200,
            "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        },
    ),
    Probe(
        service="iam",
        operation="CreateUser",
        base={"UserName": "{n}"},
        shows={"GetUser": {"UserName": "{n}"}},
        values={
            "Path": "/a/",
            "PermissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess",
        },
    ),
    Probe(
        service="iam",
        operation="CreatePolicy",
        base={"PolicyName": "{n}", "PolicyDocument": POLICY},
        shows={"GetPolicy": {"PolicyArn": "<Policy.Arn>"}},
        values={"Path": "/a/"},
    ),
    Probe(
        service="ssm",
        operation="PutParameter",
        base={"Name": "{n}", "Value": "v", "Type": "SecureString"},
        shows={
            "GetParameter": {"Name": "{n}"},
            "DescribeParameters": {"ParameterFilters": [{"Key": "Name", "Values": ["{n}"]}]},
            "ListTagsForResource": {"ResourceType": "Parameter", "ResourceId": "{n}"},
        },
        values={"AllowedPattern": "v+", "Tier": "Advanced", "DataType": "aws:ec2:image"},
        elsewhere=frozenset({"Overwrite"}),
    ),
    Probe(
        service="ecr",
        operation="CreateRepository",
        base={"repositoryName": "{n}"},
        shows={
            "DescribeRepositories": {"repositoryNames": ["{n}"]},
            "ListTagsForResource": {"resourceArn": "<repository.repositoryArn>"},
        },
        values={
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "k"},
        },
    ),
    Probe(
        service="s3",
        operation="PutObject",
        base={"Bucket": "probed", "Key": "{n}", "Body": b"x"},
        shows={
            "GetObject": {"Bucket": "probed", "Key": "{n}"},
            "GetObjectTagging": {"Bucket": "probed", "Key": "{n}"},
        },
        values={"Tagging": "a=b", "StorageClass": "STANDARD_IA", "ServerSideEncryption": "AES256"},
    ),
    Probe(
        service="ec2",
        operation="CreateVpc",
        base={"CidrBlock": "10.0.0.0/16"},
        shows={"DescribeVpcs": {"VpcIds": ["<Vpc.VpcId>"]}},
        values={
            "InstanceTenancy": "dedicated",
            "TagSpecifications": [
                {"ResourceType": "vpc", "Tags": [{"Key": "akey", "Value": "avalue"}]}
            ],
        },
    ),
    Probe(
        service="sagemaker",
        operation="CreateModel",
        base={"ModelName": "{n}"},
        shows={
            "DescribeModel": {"ModelName": "{n}"},
            "ListTags": {"ResourceArn": "<ModelArn>"},
        },
        values={"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "animage"}},
    ),
    Probe(
        service="sagemaker",
        operation="CreateModelPackageGroup",
        base={"ModelPackageGroupName": "{n}"},
        shows={
            "DescribeModelPackageGroup": {"ModelPackageGroupName": "{n}"},
            "ListTags": {"ResourceArn": "<ModelPackageGroupArn>"},
        },
    ),
    Probe(
        service="sagemaker",
        operation="CreateNotebookInstance",
        base={"NotebookInstanceName": "{n}", "InstanceType": "ml.t3.medium", "RoleArn": ROLE},
        shows={
            "DescribeNotebookInstance": {"NotebookInstanceName": "{n}"},
            "ListTags": {"ResourceArn": "<NotebookInstanceArn>"},
        },
        values={"RootAccess": "Disabled", "DirectInternetAccess": "Disabled", "VolumeSizeInGB": 17},
    ),
    Probe(
        service="cloud9",
        operation="CreateEnvironmentEC2",
        base={"name": "{n}", "instanceType": "t3.small", "imageId": "amazonlinux-2023-x86_64"},
        shows={
            "DescribeEnvironments": {"environmentIds": ["<environmentId>"]},
            "ListTagsForResource": {
                "ResourceARN": "arn:aws:cloud9:us-east-1:000000000000:environment:<environmentId>"
            },
        },
        values={"connectionType": "CONNECT_SSM"},
    ),
)
