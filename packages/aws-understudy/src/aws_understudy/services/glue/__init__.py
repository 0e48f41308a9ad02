"""Glue: the crawler, really executed; the catalog is ministack's."""
