"""Types that belong to the account as a whole: budgets."""

from __future__ import annotations

from emulator.cloudformation.api_type import ApiType
from emulator.cloudformation.tagging import Tagging

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
    identify=lambda given, _: given["Budget"]["BudgetName"],
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
