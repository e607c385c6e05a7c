"""Lines on a terminal, whose cells are counted here by rich, and lines elsewhere."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wenzhai.commands.screen import Screen, cell_width, plain, screen

CODES = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(width: int | None, *texts: str, indent: int = 0) -> list[str]:
    out = io.StringIO()
    Screen(out, width=width).show(*((text, "") for text in texts), indent=indent)
    return out.getvalue().splitlines()


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Mn", "Me", "Cn", "Zl", "Zp", "Lm", "Sk"))))
def test_cells_are_those_of_chinese_and_latin(text: str) -> None:
    kept = re.sub(r"[^ -~\u4e00-\u9fff\u3001-\u3020\uff01-\uff60αβγκ·–—«»“”…]", "", text)
    assert cell_width(kept) == cell_len(kept)


@pytest.mark.parametrize(("text", "cells"), [("", 0), ("PD-L1", 5), ("单细胞", 6), ("e\u0301", 1), ("，", 2), ("ｱ", 1)])
def test_cell_width(text: str, cells: int) -> None:
    assert cell_width(text) == cells


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\nb", "a\x9b2Jb", "a\u202eb", "a\x00b", "a\u2028b"])
def test_plain_takes_what_a_terminal_would_obey(text: str) -> None:
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u202e]", plain(text))
    assert len(plain(text)) == len(text)


def test_elsewhere_lines_are_as_long_as_they_are() -> None:
    assert shown(None, "字" * 500, "a " * 100) == ["字" * 500 + "a " * 100]


def test_wrapping_at_the_width_of_the_terminal() -> None:
    assert shown(20, "   单细胞转录组测序揭示机制", indent=3) == ["   单细胞转录组测序", "   揭示机制"]
    # A word stays whole, and no line begins with a comma.
    assert shown(20, "Harmony integrates single cells") == ["Harmony integrates ", "single cells"]
    assert shown(20, "一二三四五六七八九十，然后") == ["一二三四五六七八九", "十，然后"]
    assert shown(20, "一二三四五六七八九（甲）") == ["一二三四五六七八九", "（甲）"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert shown(20, "x" * 50) == ["x" * 20, "x" * 20, "x" * 10]


texts = st.text(st.sampled_from("abc 单细胞，。（）«»1-"), max_size=200)


@given(texts, st.integers(20, 60), st.integers(0, 5))
def test_no_line_is_wider_and_nothing_but_spaces_is_lost(text: str, width: int, indent: int) -> None:
    lines = shown(width, text, indent=indent)
    assert all(cell_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_colour_is_for_terminals_that_have_it() -> None:
    assert screen(Terminal(), {"TERM": "xterm-256color"}).is_coloured
    assert not screen(Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}).is_coloured
    assert screen(Terminal(), {"TERM": "xterm", "NO_COLOR": ""}).is_coloured  # https://no-color.org: not when empty
    assert not screen(Terminal(), {"TERM": "dumb"}).is_coloured
    assert not screen(io.StringIO(), {"TERM": "xterm"}).is_coloured


def test_width_of_the_terminal() -> None:
    assert screen(io.StringIO(), {"COLUMNS": "100"}).width is None
    assert screen(Terminal(), {"COLUMNS": "100"}).width == 100
    assert screen(Terminal(), {"COLUMNS": "wide"}).width == 80  # this one has no descriptor to ask


def test_what_was_found_is_coloured_or_marked() -> None:
    out = Terminal()
    coloured = screen(out, {"TERM": "xterm"})
    coloured.show(*coloured.highlighted("在单细胞里", [(1, 4)]))
    assert out.getvalue() == "在\x1b[1;33m单细胞\x1b[0m里\n"
    assert "".join(text for text, _ in Screen(out).highlighted("在单细胞里", [(1, 4)])) == "在«单细胞»里"
