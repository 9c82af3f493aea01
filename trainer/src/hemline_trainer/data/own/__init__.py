"""Own weekly series: CSV, shards, mixup."""
