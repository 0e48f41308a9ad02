"""Show a report: as a page, as Markdown for a pull request, as JSON for programs."""
