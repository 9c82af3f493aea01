"""Behaviour under overload: goodput, latency of accepted and shed requests, memory, recovery."""
