"""AWS Budgets, as far as it is here: its one type, and how true it is."""

from __future__ import annotations

from pathlib import Path

from aws_understudy.cloudformation.api_type import ApiType
from aws_understudy.cloudformation.tagging import Tagging
from aws_understudy.core.fidelity import control_plane
from aws_understudy.services.part import Part

BUDGET = ApiType(
    type="AWS::Budgets::Budget",
    service="budgets",
    create="CreateBudget",
    update="UpdateBudget",
    delete="DeleteBudget",
    prepare=lambda properties, loopback: {
        **properties,
        "AccountId": loopback.context.account,
    },
    update_names={"Budget": "NewBudget"},
    name_property="Budget.BudgetName",
    name_length=100,
    identify=lambda parameters, _: parameters["Budget"]["BudgetName"],
    key=lambda physical_id, loopback: {
        "AccountId": loopback.context.account,
        "BudgetName": physical_id,
    },
    tags=Tagging(
        property="ResourceTags",
        add="TagResource",
        remove="UntagResource",
        service="budgets",
        arn_parameter="ResourceARN",
        tags_parameter="ResourceTags",
        keys_parameter="ResourceTagKeys",
        arn=lambda name, loopback: f"arn:aws:budgets::{loopback.context.account}:budget/{name}",
    ),
)

FIDELITY = (
    control_plane("AWS::Budgets::Budget", "nothing is spent, so no notification is ever sent"),
)

PART = Part(
    ledgers=(Path(__file__).with_name("ledger.toml"),),
    fidelity=FIDELITY,
    types=(BUDGET,),
)
