"""One package per suite; its `main` runs the measurements and returns rows, notes and bars."""
