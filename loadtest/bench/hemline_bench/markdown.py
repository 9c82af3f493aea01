"""Writes the generated part of a suite's page in docs/benchmarks, and nothing else of the page."""

from textwrap import wrap

from hemline_bench.results import Results

COLUMNS = 120
PLOTS = "../../loadtest/bench/results"


def section(found: Results) -> str:
    """The generated part, from its first mark to its last."""
    facts = ", ".join(f"{name} {value}" for name, value in found.machine.items())
    lines = [
        _begin(found.suite),
        f"## Results of `make bench SUITE={found.suite}`",
        *_wrapped(f"Load generators on the same cores; {facts}."),
        "",
        *([f"![throughput beside the peers]({PLOTS}/{found.suite}.svg)", ""] if found.bars else []),
        "| work | measured | against | figure | must reach | |",
        "|---|---|---|---|---|---|",
    ]
    for row in found.rows:
        cells = (row.work, row.measured, row.against, f"{row.figure:.3g}", row.must, "yes" if row.reached else "**no**")
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *(line for note in found.notes for line in _wrapped(f"- {note}", "  ")), _end(found.suite)]
    return "\n".join(lines)


def replaced(page: str, found: Results) -> str:
    """The page with the suite's part rewritten, at the end when the page has none yet."""
    begin, end = _begin(found.suite), _end(found.suite)
    if begin in page:
        before, _, rest = page.partition(begin)
        _, closed, after = rest.partition(end)
        if not closed:
            raise ValueError(f"docs/benchmarks/{found.suite}.md: {begin} is never closed by {end}")
        return before + section(found) + after
    return (page.rstrip() or f"# The suite `{found.suite}`") + "\n\n" + section(found) + "\n"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return wrap(text, COLUMNS, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _begin(suite: str) -> str:
    return f"<!-- bench:{suite} begins; written by make bench -->"


def _end(suite: str) -> str:
    return f"<!-- bench:{suite} ends -->"
