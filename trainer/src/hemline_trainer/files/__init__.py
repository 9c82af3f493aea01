"""Files: durable writes, strict JSON, TOML, CSV and numbers."""
