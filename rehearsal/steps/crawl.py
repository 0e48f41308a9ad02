"""Step: the deployed crawler makes the tables; columns and rows are those of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehearsal.athena import ask
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from config.dataset import Dataset
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

CRAWL_SECONDS = 900


def crawl(journey: Journey, say: Say) -> str:
    """Start the crawler, wait for it, and compare each table with its files."""
    _run_crawler(journey, say)
    tables = []
    for dataset in journey.settings.datasets:
        say(f"comparing the table of {dataset.name}")
        tables.append(_compare(journey, dataset))
    return f"{'; '.join(tables)}, as in the files"


def _run_crawler(journey: Journey, say: Say) -> None:
    glue = journey.client("glue")
    name = journey.output("catalog", "CrawlerName")
    glue.start_crawler(Name=name)
    crawler: dict[str, Any] = {}

    def ready() -> bool:
        crawler.update(glue.get_crawler(Name=name)["Crawler"])
        say(f"{name} is {crawler['State'].lower()}")
        return bool(crawler["State"] == "READY")

    journey.wait(until=ready, seconds=CRAWL_SECONDS, event=f"crawler {name}")
    last = crawler.get("LastCrawl", {})
    if last.get("Status") != "SUCCEEDED":
        raise RehearsalError(
            f"crawler {name} {last.get('Status', 'has no last crawl')}: "
            f"{last.get('ErrorMessage', 'no reason given')}"
        )


def _compare(journey: Journey, dataset: Dataset) -> str:
    """Hold a table to its files: columns, those in the names of folders included, and rows."""
    data = journey.data(dataset.name)
    database = journey.output("catalog", "DatabaseName")
    name = journey.output("catalog", table_output(dataset))
    table = journey.client("glue").get_table(DatabaseName=database, Name=name)["Table"]
    keys = [column["Name"] for column in table.get("PartitionKeys", [])]
    if keys != list(dataset.partitions):
        raise RehearsalError(
            f"table {database}.{name} is partitioned by {keys}, and the data set {dataset.name} "
            f"by {list(dataset.partitions)}"
        )
    columns = {*keys, *(column["Name"] for column in table["StorageDescriptor"]["Columns"])}
    expected = {*data.columns, *dataset.partitions}
    if columns != expected:
        raise RehearsalError(
            f"table {database}.{name} and the files differ in the columns "
            f"{sorted(columns ^ expected)}"
        )
    rows = ask(journey, f'SELECT count(*) AS number FROM "{name}"').rows[0][0]  # noqa: S608 - ours
    if rows != data.rows:
        raise RehearsalError(
            f"the files of {dataset.name} have {data.rows} rows, but the table {name} has {rows}"
        )
    return f"table {database}.{name}: {len(columns)} columns and {rows} rows"


def table_output(dataset: Dataset) -> str:
    """The output of the catalog's stack that names a data set's table."""
    return f"TableName{dataset.name.title().replace('_', '')}"
