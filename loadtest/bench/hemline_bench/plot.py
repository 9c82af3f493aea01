"""Draws throughput as bars, one group per workload, with p99 next to each bar."""

from html import escape

from hemline_bench.results import Bar

LEFT, WIDE, HIGH, GAP = 190, 420, 18, 34
OURS, OTHER = "#0b7a75", "#b8b8c0"


def bars(all_bars: list[Bar]) -> str:
    """An SVG; each group has the scale of its fastest bar."""
    parts: list[str] = []
    y = 10
    for group in dict.fromkeys(bar.group for bar in all_bars):
        members = [bar for bar in all_bars if bar.group == group]
        most = max(bar.per_second for bar in members)
        parts.append(f'<text x="8" y="{y + 12}" font-weight="bold">{escape(group)}</text>')
        y += HIGH + 2
        for bar in members:
            width = WIDE * bar.per_second / most
            colour = OURS if bar.name.startswith("Hemline") else OTHER
            label = f"{bar.per_second:,.0f}/s, p99 {bar.p99_ms:.3g} ms"
            parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(bar.name)}</text>')
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.0f}" height="{HIGH - 3}" fill="{colour}"/>')
            parts.append(f'<text x="{LEFT + width + 6:.0f}" y="{y + 12}">{escape(label)}</text>')
            y += HIGH
        y += GAP - HIGH
    style = 'font-family="sans-serif" font-size="12"'
    size = f'width="{LEFT + WIDE + 180}" height="{y}"'
    background = '<rect width="100%" height="100%" fill="white"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>{background}\n' + "\n".join(parts) + "\n</svg>\n"
