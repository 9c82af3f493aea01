"""The capacity of a node and its cost."""
