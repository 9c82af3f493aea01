"""Plots of throughput by concurrency with the fitted law, and of latency by rate."""

from math import log10

from hemline_bench.suites.capacity.measure import CONTRACT_MS, Step
from hemline_bench.suites.capacity.usl import Fit

WIDE, HIGH, LEFT, TOP = 420, 240, 60, 30
OURS, OTHER, LIMIT = "#0b7a75", "#b8b8c0", "#b3261e"


def law(name: str, points: list[tuple[int, float]], fit: Fit) -> str:
    """Throughput by concurrency: measurements as dots, the law as a line."""
    most_callers = max(callers for callers, _ in points)
    most = 1.15 * max(max(value for _, value in points), fit.throughput(min(fit.knee(), most_callers)))
    x = lambda callers: LEFT + WIDE * callers / most_callers  # noqa: E731 - two scales, used below
    y = lambda value: TOP + HIGH * (1 - value / most)  # noqa: E731
    line = " ".join(f"{x(n):.1f},{y(fit.throughput(n)):.1f}" for n in range(1, most_callers + 1))
    dots = [f'<circle cx="{x(n):.1f}" cy="{y(value):.1f}" r="4" fill="{OURS}"/>' for n, value in points]
    parts = [f'<polyline points="{line}" fill="none" stroke="{OTHER}" stroke-width="2"/>', *dots]
    if fit.knee() <= most_callers:
        at = x(fit.knee())
        parts.append(
            f'<line x1="{at:.1f}" y1="{TOP}" x2="{at:.1f}" y2="{TOP + HIGH}" stroke="{LIMIT}" stroke-dasharray="4"/>'
        )
        parts.append(f'<text x="{at + 4:.1f}" y="{TOP + HIGH - 6}" fill="{LIMIT}">knee at {fit.knee():.0f}</text>')
    return _framed(f"{name}: responses a second by connections", parts, f"{most_callers} connections", f"{most:,.0f}/s")


def latency(name: str, steps: list[Step]) -> str:
    """p50, p95 and p99 by rate on a logarithmic scale; the dashed line is the objective."""
    most_rate = max(step.rate for step in steps)
    low, high = 0.1, max(1000.0, max(step.p99_ms for step in steps))
    x = lambda rate: LEFT + WIDE * rate / most_rate  # noqa: E731
    y = lambda ms: TOP + HIGH * (1 - log10(max(ms, low) / low) / log10(high / low))  # noqa: E731
    at, ends = f"{y(CONTRACT_MS):.1f}", f'x1="{LEFT}" x2="{LEFT + WIDE}"'
    parts = [
        f'<line {ends} y1="{at}" y2="{at}" stroke="{LIMIT}" stroke-dasharray="4"/>',
        f'<text x="{LEFT + 4}" y="{at}" dy="-4" fill="{LIMIT}">{CONTRACT_MS} ms</text>',
    ]
    for label, colour, of in (("p50", OTHER, "p50_ms"), ("p95", OURS, "p95_ms"), ("p99", "#444", "p99_ms")):
        line = " ".join(f"{x(step.rate):.1f},{y(getattr(step, of)):.1f}" for step in steps)
        end = steps[-1]
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x(end.rate) + 4:.1f}" y="{y(getattr(end, of)):.1f}">{label}</text>')
    return _framed(f"{name}: ms by requests a second", parts, f"{most_rate:,}/s", f"{high:,.0f} ms")


def _framed(title: str, parts: list[str], right: str, top: str) -> str:
    frame = f'<rect x="{LEFT}" y="{TOP}" width="{WIDE}" height="{HIGH}" fill="none" stroke="#ddd"/>'
    texts = f'<text x="{LEFT}" y="18" font-weight="bold">{title}</text><text x="4" y="{TOP + 10}">{top}</text>'
    texts += f'<text x="{LEFT + WIDE}" y="{TOP + HIGH + 16}" text-anchor="end">{right}</text>'
    size = f'width="{LEFT + WIDE + 50}" height="{TOP + HIGH + 26}" font-family="sans-serif" font-size="12"'
    body = "\n".join([frame, *parts, texts])
    white = '<rect width="100%" height="100%" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{white}\n{body}\n</svg>\n'
