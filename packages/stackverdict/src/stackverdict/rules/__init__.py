"""Our own rules, by subject. A new rule is imported and listed here; nothing is discovered."""

from stackverdict.rules import access, protection, services, spending, written

RULES = (
    written.ACCOUNT_ID,
    spending.BUDGET,
    access.ESCALATION,
    protection.KEPT_DATA,
    protection.LOG_RETENTION,
    services.MULTINODE_SPOT,
    access.PASS_ROLE,
    written.PLACEHOLDER,
    protection.PUBLIC,
    services.RETIRED,
    spending.TAGS,
    protection.TLS,
    access.TRUST,
    access.WIDE_RESOURCE,
    access.WILDCARD_ACTION,
)
