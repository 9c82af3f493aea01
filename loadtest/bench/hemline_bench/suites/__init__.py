"""One folder for each suite; its `main` measures everything and returns what was found."""
