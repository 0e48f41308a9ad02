"""Step: the deployed crawler makes the table; its columns and rows are those of the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rehearsal.athena import ask
from rehearsal.errors import RehearsalError

if TYPE_CHECKING:
    from rehearsal.journey import Journey
    from rehearsal.run.runner import Say

CRAWL_SECONDS = 900


def crawl(journey: Journey, say: Say) -> str:
    """Start the crawler, wait for it, and compare the table with the files."""
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
    database = journey.output("catalog", "DatabaseName")
    table = journey.output("catalog", "TableName")
    storage = glue.get_table(DatabaseName=database, Name=table)["Table"]["StorageDescriptor"]
    columns = {column["Name"] for column in storage["Columns"]}
    if columns != set(journey.data.columns):
        raise RehearsalError(
            f"table {database}.{table} and the files differ in the columns "
            f"{sorted(columns ^ set(journey.data.columns))}"
        )
    say("counting rows")
    rows = ask(journey, f'SELECT count(*) AS number FROM "{table}"').rows[0][0]  # noqa: S608 - ours
    if rows != journey.data.rows:
        raise RehearsalError(f"the files have {journey.data.rows} rows, but the table has {rows}")
    return f"table {database}.{table}: {len(columns)} columns and {rows} rows, as in the files"
