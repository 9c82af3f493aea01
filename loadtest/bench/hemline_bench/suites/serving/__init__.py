"""Cached and uncached forecasts against the machine's limits and against the peers."""
