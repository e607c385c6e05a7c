"""Which lines are references, where one ends, and the title in each."""

from __future__ import annotations

import pytest
from wenzhai.extractors.references import find_references, is_reference, looks_like_authors, reference_title

from .examples import PROSE, Read, heading

HALLMARKS = "Hallmarks of cancer: the next generation"
FOLDS = "Highly accurate protein structure prediction with AlphaFold"
CELLS = "Integrated analysis of multimodal single-cell data"
NLM = f"Hao Y, Hao S, Andersen-Nissen E, et al. {CELLS}. Cell. 2021;184(13):3573-3587."
APA = f"Hao, Y., Hao, S., & Satija, R. (2021). {CELLS}. Cell, 184(13), 3573–3587. https://doi.org/10.1016/j.cell.2021.04.048"
SHORT = f"Hanahan D, Weinberg RA. {HALLMARKS}. Cell. 2011;144:646-74."
FOLD = f"Jumper J, Evans R, et al. {FOLDS}. Nature. 2021;596:583-9."


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (NLM, CELLS),
        (APA, CELLS),
        (f"[1] {NLM}", CELLS),
        (f"1. {NLM}", CELLS),
        (f"（3）{NLM}", CELLS),
        (f"参考文献：{SHORT}", HALLMARKS),
        (f"原文出处：{SHORT}", HALLMARKS),
        (f"Hanahan D, Weinberg RA. {HALLMARKS}[J]. Cell, 2011, 144(5): 646-674.", HALLMARKS),
        (f"Jumper, J. et al. {FOLDS}. Nature 596, 583–589 (2021).", FOLDS),
        (f'Jumper J, et al. "{FOLDS}." Nature 596 (2021): 583-589.', FOLDS),
        (f"Yuhan Hao, Stephanie Hao, Rahul Satija. {CELLS}. bioRxiv 2020.10.12.335331", CELLS),
        (f"1. {CELLS}. Cell, 2021.", CELLS),
        (f"{CELLS}. Cell. 2021;184:3573.", CELLS),
        (f"文献引用：{SHORT}", HALLMARKS),
        (f"引文，原文：{SHORT}", HALLMARKS),
        (f"原文；引文：{SHORT}", HALLMARKS),
        (f"4.{HALLMARKS} 热点思路推荐 河岸	雾", HALLMARKS),
        (f"{HALLMARKS}，Cell. 2011;144:646-74.", HALLMARKS),
        ("Lopez R, et al. RiverTown: A map of fog and rain. Cell. 2021;184:3.", "RiverTown: A map of fog and rain"),
        (
            "Fisher's Boats: Songs of the river and the bridge. Cell. 2021.",
            "Fisher's Boats: Songs of the river and the bridge",
        ),
        (f"{CELLS}https://www.nature.com/articles/s41586-024-08305-z Hao, Y. et al. (2024)", CELLS),
        ("River towns' teachings. Nat Rev Drug Discov. 2026 Feb 16.", "River towns' teachings"),
    ],
)
def test_titles(text: str, title: str) -> None:
    found, offset = reference_title(text)
    assert found == title
    assert text[offset : offset + len(found)] == title


@pytest.mark.parametrize(
    "text", ["Hao Y, Hao S, Andersen-Nissen E.", "Cell. 2021;184:3573.", "", "[1]", "https://a.org"]
)
def test_no_title(text: str) -> None:
    assert reference_title(text)[0] == ""


@pytest.mark.parametrize("text", [NLM, APA, SHORT, f"[2] {FOLD}"])
def test_references(text: str) -> None:
    assert is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        *PROSE,
        CELLS,
        "作者Hao Y, Hao S等人在2021年发表了这项研究，随后又做了许多补充的实验。",
        "We looked at the river in the morning.",
        "本文由University of Rivers的Céline M. Laumont和Brad H. Nelson撰写，题为Boats of the river towns 2023",
        "Towns (Hao Y, Li Z, Wu Q) were counted and these can be compared with the rain of the other rivers.",
        "2021年5月",
    ],
)
def test_no_references(text: str) -> None:
    assert not is_reference(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hao Y, Hao S, Andersen-Nissen E",
        "Rahul Satija and Yuhan Hao",
        "Zhang, Wei; Li, Na",
        "Jumper J, et al.",
        "J. A.",
        "Smith",  # what an initial with its full stop leaves of "J. Smith"
    ],
)
def test_authors(text: str) -> None:
    assert looks_like_authors(text)


@pytest.mark.parametrize("text", [CELLS, HALLMARKS, FOLDS, "Maps of the river and its banks"])
def test_no_authors(text: str) -> None:
    assert not looks_like_authors(text)


def titles(read: Read, *lines: str) -> list[str]:
    reading = read(*lines)
    found = find_references(reading)
    for reference in found:
        end = reference.title_start + len(reference.title)
        assert reading.document_text[reference.title_start : end] == reference.title
    return [reference.title for reference in found]


def test_a_list_of_references(read: Read) -> None:
    reading = read(PROSE[0], heading("参考文献"), NLM, SHORT, FOLD)
    assert [(item.title, item.first_line, item.in_list) for item in find_references(reading)] == [
        (CELLS, 3, True),
        (HALLMARKS, 4, True),
        (FOLDS, 5, True),
    ]
    assert reading.reference_lines == {3, 4, 5}


@pytest.mark.parametrize("header", ["参考文献", "参考文献：", "【参考资料】", "References", "文献来源", "引文"])
def test_headers(read: Read, header: str) -> None:
    assert titles(read, PROSE[0], header, f"{CELLS}. Cell. 2021;184:3573.") == [CELLS]


def test_a_numbered_list_needs_no_header(read: Read) -> None:
    assert titles(
        read, PROSE[0], f"1. {NLM}", "2. Le, Q., and Mikolov, T. (2014). Maps of the river and its", "banks. PMLR 32."
    ) == [
        CELLS,
        "Maps of the river and its\nbanks",
    ]


def test_a_statement_of_where_it_appeared_ends_the_list(read: Read) -> None:
    reading = read("参考文献", SHORT, "原文以The fog of the river标题发表在2024年5月7日《自然》上", PROSE[0])
    assert reading.reference_lines == {2}


def test_several_in_one_line(read: Read) -> None:
    assert titles(read, "参考文献", f"[1] {SHORT} [2] {FOLD}[3] {NLM}") == [HALLMARKS, FOLDS, CELLS]


def test_one_over_several_lines(read: Read) -> None:
    lines = ["[1] Hanahan D, Weinberg RA.", f"{HALLMARKS}.", "Cell. 2011;144:646-74.", f"[2] {FOLD}"]
    assert titles(read, "参考文献", *lines) == [HALLMARKS, FOLDS]


def test_the_list_ends_where_prose_begins_again(read: Read) -> None:
    reading = read("参考文献", SHORT, "后面又是一段很长的中文正文，讲的是河边的另外一件事情。", PROSE[0])
    assert reading.reference_lines == {2}


def test_a_reference_outside_a_list(read: Read) -> None:
    assert titles(read, PROSE[0], NLM, PROSE[1]) == [CELLS]


def test_prose_holds_none(read: Read) -> None:
    assert titles(read, *PROSE) == []
