"""The cost of a shadow for the live version."""
