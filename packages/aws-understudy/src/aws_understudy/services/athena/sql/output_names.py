"""Gives a query's output columns the names that Athena gives."""

from __future__ import annotations

from sqlglot import exp


def name_outputs(tree: exp.Expr) -> exp.Expr:
    """Call unnamed output columns ``_col0``, ``_col1`` by their position, in every SELECT.

    A column reference keeps its name; Athena shows all names in lower case.
    """
    for select in list(tree.find_all(exp.Select)):
        if isinstance(select.parent, exp.In | exp.Exists) or _scalar(select):
            continue
        for position, expression in enumerate(list(select.expressions)):
            named = isinstance(expression, exp.Alias | exp.Column | exp.Dot)
            if not named and not expression.is_star:
                expression.replace(exp.alias_(expression.copy(), f"_col{position}", quoted=True))
    return tree


def _scalar(select: exp.Select) -> bool:
    """Whether the SELECT stands for one value, whose name nobody sees."""
    parent = select.parent
    return isinstance(parent, exp.Subquery) and not isinstance(
        parent.parent, exp.From | exp.Join | exp.Select | exp.SetOperation | exp.CTE
    )


def hide_path(tree: exp.Expr) -> exp.Expr:
    """Keep the hidden column ``$path`` out of ``*``."""

    def rule(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Star) and isinstance(node.parent, exp.Select):
            condition = exp.NEQ(this=exp.column("c"), expression=exp.Literal.string("$path"))
            picked = exp.Lambda(this=condition, expressions=[exp.to_identifier("c")])
            return exp.Anonymous(this="COLUMNS", expressions=[picked])
        return node

    return tree.transform(rule)
