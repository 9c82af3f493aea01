"""The cost of swaps for concurrent requests, and their effect on memory."""
