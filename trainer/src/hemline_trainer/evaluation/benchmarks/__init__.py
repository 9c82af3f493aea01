"""Public benchmarks that no model here was trained on."""
