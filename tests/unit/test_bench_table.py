"""The table of the benchmarks says honestly what was reached."""

from tools.bench import table


def test_a_goal_is_met_at_its_very_number_and_missed_beyond():
    assert table.at_most("memory", 150, 150, " MB").verdict == "met"
    assert table.at_most("memory", 151, 150, " MB").verdict == "MISSED"
    assert table.at_least("ratio", 0.85, 0.85, digits=2).verdict == "met"
    assert table.at_least("ratio", 0.84, 0.85, digits=2).verdict == "MISSED"


def test_what_was_not_measured_and_what_failed_is_not_met():
    absent = table.missing("Page: Groups", "not there", "≤ 100 ms")
    broken = table.failed("Chapter: worker", OSError("no such process\nand more"))

    assert absent.verdict == "not measured"
    assert broken.verdict == "MISSED (failed)"
    assert broken.measured == "no such process"


def test_closing_line_counts_goals_only():
    figures = [
        table.at_most("a", 1, 2),
        table.at_most("b", 3, 2),
        table.plain("c", 4),
        table.missing("d", "not there", "≤ 1"),
    ]

    assert table.closing_line(figures) == "1 goals met, 1 missed, 1 not measured"


def test_page_and_terminal_show_the_same_figures():
    figures = [table.at_most("Weight", 85.4, 100, " KB", digits=1, note="8 requests")]

    assert "| Weight | 85.4 KB (8 requests) | ≤ 100.0 KB | met |" in table.as_markdown(figures)
    assert table.as_text(figures).splitlines()[-1].split("  ")[:2] == ["Weight", "85.4 KB (8 requests)"]
