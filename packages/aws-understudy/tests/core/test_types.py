"""The types that ministack lacks: each is made, seen, changed, and gone after its stack."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable

    from understudy_support.running import Stack

ACCOUNT = "000000000000"
TAGS = [{"Key": "k", "Value": "v"}]
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"


def resources_of(type_name: str, **properties: Any) -> dict[str, Any]:
    return {"It": {"Type": type_name, "Properties": properties}}


def test_named_query_is_replaced_when_its_sql_changes(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    query = {"Database": "d", "Name": "q", "Description": "about", "WorkGroup": "primary"}
    assert stack.deploy(
        resources_of("AWS::Athena::NamedQuery", QueryString="select 1", **query)
    ) == ("CREATE_COMPLETE"), stack.failures()
    athena, first = client("athena"), stack.physical_id("It")
    described = athena.get_named_query(NamedQueryId=first)["NamedQuery"]
    assert described["QueryString"] == "select 1"
    assert described["Description"] == "about"
    stack.deploy(resources_of("AWS::Athena::NamedQuery", QueryString="select 2", **query))
    second = stack.physical_id("It")
    described = athena.get_named_query(NamedQueryId=second)["NamedQuery"]
    assert described["QueryString"] == "select 2"
    assert athena.list_named_queries(WorkGroup="primary")["NamedQueryIds"] == [second]
    assert stack.delete() == "DELETE_COMPLETE"
    assert athena.list_named_queries(WorkGroup="primary")["NamedQueryIds"] == []


def test_prepared_statement_changes_in_place(stack: Stack, client: Callable[[str], Any]) -> None:
    named = {"StatementName": "p", "WorkGroup": "primary"}
    for sql in ("select ?", "select ? + 1"):
        status = stack.deploy(
            resources_of("AWS::Athena::PreparedStatement", QueryStatement=sql, **named)
        )
        assert status.endswith("E_COMPLETE"), stack.failures()
        assert "ROLLBACK" not in status
        described = client("athena").get_prepared_statement(**named)["PreparedStatement"]
        assert described["QueryStatement"] == sql


def test_budget_changes_in_place_and_its_tags_too(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    def budget(amount: int, tags: list[dict[str, str]]) -> dict[str, Any]:
        limit = {"Amount": amount, "Unit": "USD"}
        wanted = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
        return resources_of(
            "AWS::Budgets::Budget", Budget={**wanted, "BudgetName": "b"}, ResourceTags=tags
        )

    assert stack.deploy(budget(20, TAGS)) == "CREATE_COMPLETE", stack.failures()
    other = [{"Key": "k2", "Value": "v"}]
    assert stack.deploy(budget(30, other)) == "UPDATE_COMPLETE", stack.failures()
    budgets = client("budgets")
    described = budgets.describe_budget(AccountId=ACCOUNT, BudgetName="b")["Budget"]
    assert float(described["BudgetLimit"]["Amount"]) == 30
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/b"
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == other
    assert stack.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="NotFound"):
        budgets.describe_budget(AccountId=ACCOUNT, BudgetName="b")


def test_a_budget_with_a_generated_name_changes_in_place(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    def budget(amount: int) -> dict[str, Any]:
        limit = {"Amount": amount, "Unit": "USD"}
        wanted = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": limit}
        return resources_of("AWS::Budgets::Budget", Budget=wanted)

    assert stack.deploy(budget(20)) == "CREATE_COMPLETE", stack.failures()
    name = stack.physical_id("It")
    assert stack.deploy(budget(30)) == "UPDATE_COMPLETE", stack.failures()
    assert stack.physical_id("It") == name
    described = client("budgets").describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]
    assert float(described["BudgetLimit"]["Amount"]) == 30


def test_quicksight_source_and_set_and_dashboard(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    def resources(name: str) -> dict[str, Any]:
        own = {"AwsAccountId": ACCOUNT, "Name": name}
        table = {
            "DataSourceArn": {"Fn::GetAtt": ["Source", "Arn"]},
            "Schema": "fishdb",
            "Name": "catch",
            "InputColumns": [{"Name": "year", "Type": "INTEGER"}],
        }
        athena = {"AthenaParameters": {"WorkGroup": "primary", "RoleArn": ROLE}}
        permission = {"Principal": "p", "Actions": ["quicksight:DescribeDataSource"]}
        return {
            "Source": {
                "Type": "AWS::QuickSight::DataSource",
                "Properties": {
                    **own,
                    "DataSourceId": "source",
                    "Type": "ATHENA",
                    "DataSourceParameters": athena,
                    "Permissions": [permission],
                    "Tags": TAGS,
                },
            },
            "Set": {
                "Type": "AWS::QuickSight::DataSet",
                "Properties": {
                    **own,
                    "DataSetId": "set",
                    "ImportMode": "DIRECT_QUERY",
                    "PhysicalTableMap": {"t": {"RelationalTable": table}},
                    "IngestionWaitPolicy": {"WaitForSpiceIngestion": False},
                },
            },
            "Board": {
                "Type": "AWS::QuickSight::Dashboard",
                "Properties": {
                    **own,
                    "DashboardId": "board",
                    "Definition": {"DataSetIdentifierDeclarations": []},
                },
            },
        }

    quicksight = client("quicksight")
    for name, status in (("first", "CREATE_COMPLETE"), ("second", "UPDATE_COMPLETE")):
        assert stack.deploy(resources(name)) == status, stack.failures()
        own = {"AwsAccountId": ACCOUNT}
        source = quicksight.describe_data_source(**own, DataSourceId="source")["DataSource"]
        assert source["Name"] == name
        assert source["DataSourceParameters"]["AthenaParameters"]["WorkGroup"] == "primary"
        described = quicksight.describe_data_set(**own, DataSetId="set")["DataSet"]
        assert described["Name"] == name
        table = described["PhysicalTableMap"]["t"]["RelationalTable"]
        assert table["DataSourceArn"] == source["Arn"]
        assert quicksight.list_data_sets(**own)["DataSetSummaries"][0]["Name"] == name
        board = quicksight.describe_dashboard(**own, DashboardId="board")["Dashboard"]
        assert board["Version"]["Status"] == "CREATION_SUCCESSFUL"
        definition = quicksight.describe_dashboard_definition(**own, DashboardId="board")
        assert definition["Definition"] == {"DataSetIdentifierDeclarations": []}
    assert quicksight.list_tags_for_resource(ResourceArn=source["Arn"])["Tags"] == TAGS
    shown = quicksight.describe_data_source_permissions(**own, DataSourceId="source")
    assert shown["Permissions"][0]["Principal"] == "p"
    assert stack.delete() == "DELETE_COMPLETE"
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        quicksight.describe_data_set(**own, DataSetId="set")


def test_cloud9_environment_says_that_there_is_no_instance(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    environment = resources_of(
        "AWS::Cloud9::EnvironmentEC2",
        Name="IDE",
        InstanceType="t3.small",
        ImageId="amazonlinux-2023-x86_64",
        AutomaticStopTimeMinutes=30,
        ConnectionType="CONNECT_SSM",
        Tags=TAGS,
    )
    assert stack.deploy(environment, {"Name": {"Fn::GetAtt": ["It", "Name"]}}) == (
        "CREATE_COMPLETE"
    ), stack.failures()
    assert stack.outputs == {"Name": "IDE"}
    cloud9, identifier = client("cloud9"), stack.physical_id("It")
    described = cloud9.describe_environments(environmentIds=[identifier])["environments"][0]
    assert described["connectionType"] == "CONNECT_SSM"
    assert "no EC2 instance" in described["lifecycle"]["reason"]
    assert cloud9.list_tags_for_resource(ResourceARN=described["arn"])["Tags"] == TAGS
    assert stack.delete() == "DELETE_COMPLETE"
    assert identifier not in cloud9.list_environments()["environmentIds"]


def test_studio_domain_with_a_user_and_a_space(stack: Stack, client: Callable[[str], Any]) -> None:
    domain = {"Fn::GetAtt": ["Domain", "DomainId"]}
    resources = {
        "Domain": {
            "Type": "AWS::SageMaker::Domain",
            "Properties": {
                "AuthMode": "IAM",
                "DomainName": "lab",
                "DefaultUserSettings": {"ExecutionRole": ROLE},
                "VpcId": "vpc-1",
                "SubnetIds": ["subnet-1"],
                "Tags": TAGS,
            },
        },
        "User": {
            "Type": "AWS::SageMaker::UserProfile",
            "Properties": {"DomainId": domain, "UserProfileName": "me"},
        },
        "Space": {
            "Type": "AWS::SageMaker::Space",
            "DependsOn": "User",
            "Properties": {
                "DomainId": domain,
                "SpaceName": "work",
                "OwnershipSettings": {"OwnerUserProfileName": "me"},
                "SpaceSharingSettings": {"SharingType": "Private"},
                "SpaceSettings": {"AppType": "JupyterLab"},
            },
        },
    }
    assert stack.deploy(resources) == "CREATE_COMPLETE", stack.failures()
    sagemaker, identifier = client("sagemaker"), stack.physical_id("Domain")
    described = sagemaker.describe_domain(DomainId=identifier)
    assert (described["Status"], described["VpcId"]) == ("InService", "vpc-1")
    assert sagemaker.list_tags(ResourceArn=described["DomainArn"])["Tags"] == TAGS
    users = sagemaker.list_user_profiles(DomainIdEquals=identifier)["UserProfiles"]
    assert [user["UserProfileName"] for user in users] == ["me"]
    space = sagemaker.describe_space(DomainId=identifier, SpaceName="work")
    assert space["SpaceSettings"]["AppType"] == "JupyterLab"
    with pytest.raises(ClientError, match="still has a"):
        sagemaker.delete_domain(DomainId=identifier)
    assert stack.delete() == "DELETE_COMPLETE"
    assert sagemaker.list_domains()["Domains"] == []


def test_sagemaker_pipeline_is_defined_and_redefined(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    def pipeline(default: str) -> dict[str, Any]:
        parameter = {"Name": "InputDataUri", "Type": "String", "DefaultValue": default}
        body = {"Version": "2020-12-01", "Parameters": [parameter], "Steps": []}
        return resources_of(
            "AWS::SageMaker::Pipeline",
            PipelineName="pipe",
            PipelineDescription="about",
            RoleArn=ROLE,
            PipelineDefinition={"PipelineDefinitionBody": json.dumps(body)},
            Tags=TAGS,
        )

    for default in ("s3://a/", "s3://b/"):
        assert "ROLLBACK" not in stack.deploy(pipeline(default)), stack.failures()
        described = client("sagemaker").describe_pipeline(PipelineName="pipe")
        definition = json.loads(described["PipelineDefinition"])
        assert definition["Parameters"][0]["DefaultValue"] == default
        assert described["PipelineDescription"] == "about"
    tags = client("sagemaker").list_tags(ResourceArn=described["PipelineArn"])["Tags"]
    assert TAGS[0] in tags
    assert stack.delete() == "DELETE_COMPLETE"


def test_model_package_group_with_models_is_not_deleted(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    group = resources_of("AWS::SageMaker::ModelPackageGroup", ModelPackageGroupName="held-models")
    assert stack.deploy(group) == "CREATE_COMPLETE", stack.failures()
    sagemaker = client("sagemaker")
    package = sagemaker.create_model_package(
        ModelPackageGroupName="held-models",
        InferenceSpecification={
            "Containers": [{"Image": "an-image", "ModelDataUrl": "s3://b/model.tar.gz"}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
        },
    )["ModelPackageArn"]
    assert stack.delete() == "DELETE_FAILED"
    stack.exists = True
    sagemaker.delete_model_package(ModelPackageName=package)


def test_model_and_notebook_of_moto_come_and_go(stack: Stack, client: Callable[[str], Any]) -> None:
    script = {"Content": "ZWNobw=="}
    resources = {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {"ExecutionRoleArn": ROLE, "PrimaryContainer": {"Image": "i"}},
        },
        "Start": {
            "Type": "AWS::SageMaker::NotebookInstanceLifecycleConfig",
            "Properties": {"OnStart": [script]},
        },
        "Notebook": {
            "Type": "AWS::SageMaker::NotebookInstance",
            "Properties": {
                "NotebookInstanceName": "book",
                "InstanceType": "ml.t3.medium",
                "RoleArn": ROLE,
            },
        },
    }
    outputs = {"Name": {"Fn::GetAtt": ["Model", "ModelName"]}}
    assert stack.deploy(resources, outputs) == "CREATE_COMPLETE", stack.failures()
    sagemaker = client("sagemaker")
    assert sagemaker.describe_model(ModelName=stack.outputs["Name"])["ExecutionRoleArn"] == ROLE
    book = sagemaker.describe_notebook_instance(NotebookInstanceName="book")
    assert book["InstanceType"] == "ml.t3.medium"
    assert stack.delete() == "DELETE_COMPLETE", stack.failures()
    assert sagemaker.list_models()["Models"] == []
    assert sagemaker.list_notebook_instances()["NotebookInstances"] == []


def test_an_endpoint_that_does_not_serve_fails_with_its_reason_and_is_taken_away(
    stack: Stack, client: Callable[[str], Any]
) -> None:
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
    variant = {
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "VariantName": "v",
        "InitialInstanceCount": 1,
        "InitialVariantWeight": 1,
        "InstanceType": "ml.t2.medium",
    }
    resources = {
        "Bucket": {"Type": "AWS::S3::Bucket"},
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": ROLE,
                "PrimaryContainer": {
                    "Image": image,
                    "ModelDataUrl": {"Fn::Sub": "s3://${Bucket}/none.tar.gz"},
                },
            },
        },
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {"ProductionVariants": [variant]},
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
        },
    }
    assert stack.deploy(resources) == "ROLLBACK_COMPLETE"
    assert "does not serve: Cannot read s3://" in stack.failures()
    assert client("sagemaker").list_endpoints()["Endpoints"] == []


def test_a_type_that_is_not_in_the_table_is_refused_before_anything_is_made(
    client: Callable[[str], Any],
) -> None:
    body = {
        "Resources": {
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Cluster": {"Type": "AWS::EKS::Cluster", "Properties": {}},
        }
    }
    cloudformation = client("cloudformation")
    with pytest.raises(ClientError, match=r"AWS::EKS::Cluster\].*_understudy/fidelity"):
        cloudformation.create_stack(StackName="refused", TemplateBody=json.dumps(body))
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName="refused")


def test_a_property_without_a_place_fails_the_deployment(stack: Stack) -> None:
    query = resources_of("AWS::Athena::NamedQuery", Database="d", QueryString="s", Colour="blue")
    assert stack.deploy(query) == "ROLLBACK_COMPLETE"
    assert "no place for the property Colour" in stack.failures()


def test_an_error_of_the_service_fails_the_deployment(stack: Stack) -> None:
    space = resources_of("AWS::SageMaker::Space", DomainId="d-none", SpaceName="s")
    assert stack.deploy(space) == "ROLLBACK_COMPLETE"
    assert "Domain d-none does not exist" in stack.failures()
