"""Ratios, verdicts, and the files made of them."""

from pathlib import Path

import pytest

from hemline_bench import markdown, plot, results
from hemline_bench.results import Bar, Results, Row, at_least, at_most

PAGE = "# Serving\n\nWritten by hand.\n"


def found(figure: float) -> Results:
    rows = [at_least("cached", "Hemline 9/s", "bare 10/s", figure, 0.85)]
    return Results("serving", {"cores": "2"}, rows, ["a note"], [Bar("cached", "Hemline", 9, 1.5)])


def test_takes_the_median_of_the_rounds_ratios() -> None:
    assert results.ratio_of_rounds([10, 30, 90], [10, 10, 100]) == 1


def test_refuses_rounds_that_do_not_pair() -> None:
    with pytest.raises(ValueError, match="not 2 and 1"):
        results.ratio_of_rounds([1, 2], [1])


def test_says_whether_a_bound_was_reached() -> None:
    assert at_least("w", "", "", 0.85, 0.85).reached
    assert not at_least("w", "", "", 0.84, 0.85).reached
    assert at_most("w", "", "", 10, 10, " ms") == Row("w", "", "", 10, "<= 10 ms", True)
    assert not at_most("w", "", "", 10.1, 10).reached


def test_puts_its_part_at_the_end_of_a_page_without_one_and_leaves_the_rest() -> None:
    written = markdown.replaced(PAGE, found(0.9))

    assert written.startswith(PAGE.rstrip())
    assert written.index("Written by hand.") < written.index("| cached |")
    assert written.endswith("<!-- bench:serving ends -->\n")


def test_keeps_what_stands_behind_its_part() -> None:
    page = markdown.replaced(PAGE, found(0.9)) + "\n## Analysis\nold\n"

    assert markdown.replaced(page, found(0.5)).endswith("-->\n\n## Analysis\nold\n")


def test_gives_a_new_page_a_title() -> None:
    assert markdown.replaced("", found(0.9)).startswith("# The suite `serving`\n\n<!-- bench:serving begins")


def test_wraps_notes_at_120_columns() -> None:
    rows = [at_least("cached", "Hemline 9/s", "bare 10/s", 0.9, 0.85)]
    long = Results("serving", {"cores": "2", "processor": "p " * 90}, rows, ["word " * 60], [])

    prose = [line for line in markdown.section(long).splitlines() if not line.startswith("|")]

    assert max(len(line) for line in prose) <= 120
    assert sum(line.startswith("  word") for line in prose) >= 2


def test_rewrites_only_its_own_part() -> None:
    once = markdown.replaced(PAGE, found(0.9))

    twice = markdown.replaced(once, found(0.5))

    assert twice == once.replace("| 0.9 |", "| 0.5 |").replace("| yes |", "| **no** |")


def test_refuses_a_part_that_is_never_closed() -> None:
    broken = markdown.replaced(PAGE, found(1)).replace("<!-- bench:serving ends -->", "")

    with pytest.raises(ValueError, match="never closed"):
        markdown.replaced(broken, found(1))


def test_reads_back_what_it_wrote(tmp_path: Path) -> None:
    results.write(found(0.9), tmp_path / "serving.json")

    assert results.read(tmp_path / "serving.json") == found(0.9)


def test_draws_a_bar_for_each_contender() -> None:
    svg = plot.bars([Bar("cached", "Hemline", 900, 1.5), Bar("cached", "a < b", 450, 3)])

    assert svg.count("<rect x=") == 2
    assert "900/s, p99 1.5 ms" in svg
    assert "a &lt; b" in svg
