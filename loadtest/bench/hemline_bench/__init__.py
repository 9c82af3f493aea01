"""Benchmarks of Hemline against the machine's limits and against other model servers."""
