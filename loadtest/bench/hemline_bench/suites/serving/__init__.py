"""The serving core: cached and uncached answers beside the machine's limits and beside the peers."""
