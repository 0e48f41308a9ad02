"""Why a crawl ends without its tables."""

from __future__ import annotations


class CrawlRefused(Exception):  # noqa: N818 - a verdict on the data, not a defect of the program
    """The data cannot become a table; the message says which file, why, and the likely fix."""


class CrawlStopped(Exception):  # noqa: N818 - the caller asked for it
    """StopCrawler ended the crawl between two files."""
