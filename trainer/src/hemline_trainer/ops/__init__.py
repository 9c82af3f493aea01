"""Around the model: tuning, tracking, registry, drift."""
