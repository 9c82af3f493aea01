"""The cost of a forecast and the number of nodes for a rate."""

from dataclasses import dataclass
from math import ceil

# An assumption.
NODE_DOLLARS_AN_HOUR = 0.09
NODE = (
    "two virtual cores and 4 GiB for $0.09 an hour (EC2's c7i.large, us-east-1, on demand, listed at $0.08925 in 2024)"
)
# https://developers.cloudflare.com/workers/platform/pricing/ and /kv/platform/pricing/
EDGE_DOLLARS_A_MILLION = 0.30 + 2 * 0.50
EDGE = "Workers $0.30 a million requests, and KV $0.50 a million reads, at most two a request (as of August 2026)"
# The planned utilisation of a node; the headroom is for swaps, peaks and the failure of another node.
LOAD = 0.7
EDGE_HITS = 0.85
BUDGET = 0.02


@dataclass(frozen=True)
class Need:
    """The nodes for a rate without an edge and behind one that answers 85 %, each with one spare node."""

    rate: int
    nodes: int
    nodes_behind_edge: int
    dollars_a_month: float


def per_forecast(capacity: float) -> float:
    """Dollars of a node's time for one forecast at 70 % of its capacity."""
    return NODE_DOLLARS_AN_HOUR / 3600 / (LOAD * capacity)


def with_edge(capacity: float) -> float:
    """Dollars of a request through the edge, which forwards 15 % of them."""
    return EDGE_DOLLARS_A_MILLION / 1e6 + (1 - EDGE_HITS) * per_forecast(capacity)


def need(rate: int, capacity: float) -> Need:
    """The nodes for a rate with one spare."""
    nodes = ceil(rate / (LOAD * capacity)) + 1
    behind = ceil((1 - EDGE_HITS) * rate / (LOAD * capacity)) + 1
    return Need(rate, nodes, behind, nodes * NODE_DOLLARS_AN_HOUR * 730)
