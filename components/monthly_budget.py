"""A monthly cost budget that warns at 80 % spent and at 100 % forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import aws_budgets as budgets

if TYPE_CHECKING:
    from constructs import Construct

WARNINGS = {"ACTUAL": 80, "FORECASTED": 100}
"""Kind of spending to the percentage of the limit at which AWS warns."""


def monthly_budget(
    scope: Construct, id_: str, *, limit_usd: int, alert_email: str | None
) -> budgets.CfnBudget:
    """A budget for the whole account; without an address it is seen in the console only."""
    return budgets.CfnBudget(
        scope,
        id_,
        budget=budgets.CfnBudget.BudgetDataProperty(
            budget_type="COST",
            time_unit="MONTHLY",
            budget_limit=budgets.CfnBudget.SpendProperty(amount=limit_usd, unit="USD"),
        ),
        notifications_with_subscribers=(
            [_warning(kind, percentage, alert_email) for kind, percentage in WARNINGS.items()]
            if alert_email
            else None
        ),
    )


def _warning(
    kind: str, percentage: int, address: str
) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percentage,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[
            budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=address)
        ],
    )
