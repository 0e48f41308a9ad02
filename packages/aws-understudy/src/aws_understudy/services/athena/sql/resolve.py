"""Finds the tables that a query names, in the catalog, and puts views' text in their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from aws_understudy.services.athena.catalog import CATALOG, CatalogTable
from aws_understudy.services.athena.errors import QueryError, not_supported
from aws_understudy.services.athena.sql.functions import position
from aws_understudy.services.athena.sql.parse import parse_query

if TYPE_CHECKING:
    from aws_understudy.services.athena.catalog import Catalog

_MAX_DEPTH = 32


@dataclass(kw_only=True)
class Resolved:
    """A query over internal names, and what they stand for."""

    tree: exp.Expr
    tables: dict[str, CatalogTable] = field(default_factory=dict)
    """By internal name, such as ``$t0``."""
    uses: dict[str, list[exp.Table]] = field(default_factory=dict)
    """Where each stands in the tree, for the pruning of partitions."""
    shown: dict[str, str] = field(default_factory=dict)
    """The query's names of the engine's columns, once it is bound."""


class Resolver:
    """Resolves one query."""

    def __init__(self, *, catalog: Catalog, database: str) -> None:
        self._catalog = catalog
        self._database = database
        self._names: dict[tuple[str, str], str] = {}
        self._tables: dict[str, CatalogTable] = {}
        self._uses: dict[str, list[exp.Table]] = {}

    def resolve(self, *, tree: exp.Expr, sql: str) -> Resolved:
        """Replace every table by its internal name or, for a view, by its query.

        Raises:
            QueryError: a table, database or view cannot be found or read.
        """
        resolved = self._resolve(tree=tree, sql=sql, database=self._database, depth=0)
        return Resolved(tree=resolved, tables=self._tables, uses=self._uses)

    def _resolve(self, *, tree: exp.Expr, sql: str, database: str, depth: int) -> exp.Expr:
        if depth > _MAX_DEPTH:
            raise QueryError("INVALID_VIEW", "The view refers to itself, or views nest too deeply.")
        for node in list(tree.find_all(exp.Table)):
            if not isinstance(node.this, exp.Identifier):
                continue  # a table function, already checked
            if node.args.get("db") is None and _is_cte(node):
                continue
            replacement = self._replacement(node=node, sql=sql, database=database, depth=depth)
            if node is tree:
                raise not_supported("A bare table as a query")
            node.replace(replacement)
        return tree

    def _replacement(self, *, node: exp.Table, sql: str, database: str, depth: int) -> exp.Expr:
        where = position(sql, node.parts[0].meta.get("start", 0))
        self._check_catalog(node=node, where=where)
        name, schema = node.name.lower(), (node.db or database).lower()
        if not schema:
            raise QueryError(
                "MISSING_SCHEMA_NAME",
                f"{where}: Schema must be specified when session schema is not set",
            )
        table = self._catalog.get(database=schema, name=name, where=where)
        if table.is_view:
            return self._view(node=node, table=table, depth=depth)
        internal = self._names.setdefault((schema, name), f"$t{len(self._names)}")
        self._tables[internal] = table
        place = node.copy()
        for part in ("db", "catalog"):
            place.set(part, None)
        place.set("this", exp.to_identifier(internal, quoted=True))
        place.set("alias", _alias(node))
        self._uses.setdefault(internal, []).append(place)
        return place

    def _check_catalog(self, *, node: exp.Table, where: str) -> None:
        if node.catalog and node.catalog.lower() != CATALOG:
            raise QueryError(
                "CATALOG_NOT_FOUND",
                f"{where}: Catalog '{node.catalog}' does not exist; "
                "the emulator has AwsDataCatalog.",
            )

    def _view(self, *, node: exp.Table, table: CatalogTable, depth: int) -> exp.Expr:
        definition = table.view_definition()
        sql = definition["originalSql"]
        inner = self._resolve(
            tree=parse_query(sql),
            sql=sql,
            database=definition.get("schema") or table.database,
            depth=depth + 1,
        )
        subquery = exp.Subquery(this=inner, alias=_alias(node))
        if node.args.get("joins"):
            subquery.set("joins", node.args["joins"])
        return subquery


def _alias(node: exp.Table) -> exp.TableAlias:
    held = node.args.get("alias")
    if isinstance(held, exp.TableAlias) and held.this:
        return held.copy()
    columns = held.columns if isinstance(held, exp.TableAlias) else []
    return exp.TableAlias(this=exp.to_identifier(node.name.lower(), quoted=True), columns=columns)


def _is_cte(table: exp.Table) -> bool:
    """Whether a name is that of a CTE in whose scope it stands."""
    name = table.name.lower()
    inside: exp.Expr | None = table
    while inside is not None:
        parent = inside.parent
        with_ = parent.args.get("with_") if parent is not None else None
        if isinstance(parent, exp.With) and isinstance(inside, exp.CTE):
            earlier = parent.expressions[: parent.expressions.index(inside)]
            visible = [*earlier, inside] if parent.args.get("recursive") else earlier
        else:
            visible = with_.expressions if with_ is not None and with_ is not inside else []
        if any(cte.alias.lower() == name for cte in visible):
            return True
        inside = parent
    return False
