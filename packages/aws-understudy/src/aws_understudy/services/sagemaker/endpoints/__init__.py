"""Endpoints, and the servers of models behind them."""
