"""What a forecast costs, and how many nodes a rate needs."""

from dataclasses import dataclass
from math import ceil

# Assumed.
NODE_DOLLARS_AN_HOUR = 0.09
NODE = (
    "two virtual cores and 4 GiB for $0.09 an hour (EC2's c7i.large, us-east-1, on demand, listed at $0.08925 in 2024)"
)
# https://developers.cloudflare.com/workers/platform/pricing/ and /kv/platform/pricing/
EDGE_DOLLARS_A_MILLION = 0.30 + 2 * 0.50
EDGE = (
    "Workers $0.30 a million requests, and KV $0.50 a million reads, at most two a question (as quoted in August 2026)"
)
# No node is planned fuller than this: the rest is for swaps, peaks and the failure of a neighbour.
LOAD = 0.7
EDGE_HITS = 0.85
BUDGET = 0.02


@dataclass(frozen=True)
class Need:
    """What a rate needs behind no edge, and behind one that answers 85 % itself; one node more than the load needs."""

    rate: int
    nodes: int
    nodes_behind_edge: int
    dollars_a_month: float


def per_forecast(capacity: float) -> float:
    """Dollars of a node's time for one forecast, at 70 % of what it carries."""
    return NODE_DOLLARS_AN_HOUR / 3600 / (LOAD * capacity)


def with_edge(capacity: float) -> float:
    """Dollars of a question that comes through the edge, which asks for 15 % of them."""
    return EDGE_DOLLARS_A_MILLION / 1e6 + (1 - EDGE_HITS) * per_forecast(capacity)


def need(rate: int, capacity: float) -> Need:
    """Nodes for a rate, with one to spare."""
    nodes = ceil(rate / (LOAD * capacity)) + 1
    behind = ceil((1 - EDGE_HITS) * rate / (LOAD * capacity)) + 1
    return Need(rate, nodes, behind, nodes * NODE_DOLLARS_AN_HOUR * 730)
