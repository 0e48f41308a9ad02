"""Dated facts about AWS, as data: prices, stateful types, retired things, limits."""
