"""The cost of observability: metrics, the access log, traces."""
