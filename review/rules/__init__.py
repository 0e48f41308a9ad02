"""Our own rules, one a file. A new rule is imported and listed here; nothing is discovered."""

from review.rules.account_id import RULE as ACCOUNT_ID
from review.rules.budget import RULE as BUDGET
from review.rules.escalation import RULE as ESCALATION
from review.rules.kept_data import RULE as KEPT_DATA
from review.rules.log_retention import RULE as LOG_RETENTION
from review.rules.multinode_spot import RULE as MULTINODE_SPOT
from review.rules.pass_role import RULE as PASS_ROLE
from review.rules.placeholder import RULE as PLACEHOLDER
from review.rules.public import RULE as PUBLIC
from review.rules.retired import RULE as RETIRED
from review.rules.tags import RULE as TAGS
from review.rules.tls import RULE as TLS
from review.rules.trust import RULE as TRUST
from review.rules.wide_resource import RULE as WIDE_RESOURCE
from review.rules.wildcard_action import RULE as WILDCARD_ACTION

RULES = (
    ACCOUNT_ID,
    BUDGET,
    ESCALATION,
    KEPT_DATA,
    LOG_RETENTION,
    MULTINODE_SPOT,
    PASS_ROLE,
    PLACEHOLDER,
    PUBLIC,
    RETIRED,
    TAGS,
    TLS,
    TRUST,
    WIDE_RESOURCE,
    WILDCARD_ACTION,
)
