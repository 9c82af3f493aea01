"""The Universal Scalability Law, fitted to throughput at several concurrencies.

X(n) = rate * n / (1 + contention * (n - 1) + crosstalk * n * (n - 1)), after N. Gunther, "Guerrilla Capacity Planning".
"""

from dataclasses import dataclass
from math import inf, sqrt


@dataclass(frozen=True)
class Fit:
    """The law's parameters: throughput of one client, contention and crosstalk (coherency)."""

    rate: float
    contention: float
    crosstalk: float

    def throughput(self, clients: float) -> float:
        """The throughput of so many clients."""
        waiting = self.contention * (clients - 1) + self.crosstalk * clients * (clients - 1)
        return self.rate * clients / (1 + waiting)

    def knee(self) -> float:
        """The clients beyond which throughput does not grow: the peak, or the onset of queueing if that is earlier."""
        peak = sqrt((1 - self.contention) / self.crosstalk) if self.crosstalk > 0 else inf
        return min(peak, 1 / self.contention if self.contention > 0 else inf)


def fit(points: list[tuple[int, float]]) -> Fit:
    """Least relative squares of n / X(n), which is linear in 1/rate, contention/rate and crosstalk/rate.

    Parameters that would be negative are fixed at 0.
    """
    if len(points) < 3:
        raise ValueError(f"the law has three parameters; {len(points)} points do not determine them")
    rows = [(1.0, n - 1.0, n * (n - 1.0), n / throughput) for n, throughput in points]
    for free in ((0, 1, 2), (0, 1), (0, 2), (0,)):
        found = _solved([tuple(row[one] / row[3] for one in free) for row in rows])
        whole = dict(zip(free, found, strict=True))
        if all(value >= 0 for value in found):
            break
    return Fit(1 / whole[0], whole.get(1, 0) / whole[0], whole.get(2, 0) / whole[0])


def _solved(rows: list[tuple[float, ...]]) -> list[float]:
    """The least-squares solution of rows · x = 1, by the normal equations and elimination."""
    size = len(rows[0])
    matrix = [
        [sum(row[i] * row[j] for row in rows) for j in range(size)] + [sum(row[i] for row in rows)] for i in range(size)
    ]
    for i in range(size):
        pivot = max(range(i, size), key=lambda at: abs(matrix[at][i]))
        matrix[i], matrix[pivot] = matrix[pivot], matrix[i]
        for j in range(size):
            if j != i:
                factor = matrix[j][i] / matrix[i][i]
                matrix[j] = [a - factor * b for a, b in zip(matrix[j], matrix[i], strict=True)]
    return [matrix[i][size] / matrix[i][i] for i in range(size)]
