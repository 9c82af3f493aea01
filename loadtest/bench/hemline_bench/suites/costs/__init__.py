"""What it costs to be watched: metrics, the access log, traces."""
