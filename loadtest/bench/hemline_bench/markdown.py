"""Writes a suite's part of BENCHMARKS.md, and nothing else of it."""

from hemline_bench.results import Results


def section(found: Results) -> str:
    """The part, from its first mark to its last."""
    facts = ", ".join(f"{name} {value}" for name, value in found.machine.items())
    lines = [
        _begin(found.suite),
        f"## The suite `{found.suite}`: `make bench SUITE={found.suite}`",
        f"Load generators on the same cores; {facts}.",
        "",
        *([f"![throughput beside the peers](loadtest/bench/results/{found.suite}.svg)", ""] if found.bars else []),
        "| work | measured | against | figure | must reach | |",
        "|---|---|---|---|---|---|",
    ]
    for row in found.rows:
        cells = (row.work, row.measured, row.against, f"{row.figure:.3g}", row.must, "yes" if row.reached else "**no**")
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *(f"- {note}" for note in found.notes), _end(found.suite)]
    return "\n".join(lines)


def replaced(document: str, found: Results) -> str:
    """The document with the suite's part rewritten; before the dead ends when it has none yet."""
    begin, end = _begin(found.suite), _end(found.suite)
    if begin in document:
        before, _, rest = document.partition(begin)
        _, closed, after = rest.partition(end)
        if not closed:
            raise ValueError(f"BENCHMARKS.md: {begin} is never closed by {end}")
        return before + section(found) + after
    before, heading, after = document.partition("## Dead ends")
    return before.rstrip() + "\n\n" + section(found) + "\n" + (f"\n{heading}{after}" if heading else "")


def _begin(suite: str) -> str:
    return f"<!-- bench:{suite} begins; written by make bench -->"


def _end(suite: str) -> str:
    return f"<!-- bench:{suite} ends -->"
