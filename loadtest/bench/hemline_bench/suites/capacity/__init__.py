"""How much a node carries, and what that costs."""
