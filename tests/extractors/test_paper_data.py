"""Impact factors, quartiles and dates, and the numbers that are none."""

from __future__ import annotations

import pytest
from wenzhai.extractors.paper_data import find_paper_data

from .examples import PROSE, Read


def data(read: Read, line: str, field: str) -> list[tuple[str, bool]]:
    reading = read(PROSE[0], line)
    found = [item for item in find_paper_data(reading) if item.field == field]
    assert all(reading.document_text[item.start : item.end] == item.value for item in found)
    return [(item.value, item.labelled) for item in found]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("IF=17.694", "17.694"),
        ("IF：17.694", "17.694"),
        ("IF 17.694", "17.694"),
        ("if=9.8", "9.8"),
        ("（IF:12.3/Q1）", "12.3"),
        ("影响因子：17.694", "17.694"),
        ("影响因子为17.694", "17.694"),
        ("影响因子（2023）：16.6", "16.6"),
        ("IF2023=16.6", "16.6"),
        ("最新影响因子高达69.5", "69.5"),
        ("影响因子：503", "503"),
        ("影响因子：1区12.8", "12.8"),
        ("影响因子（2024年）：14.7", "14.7"),
        ("影响因子20.3。", "20.3"),  # a factor is no year, whatever its digits
        ("IF=19.16", "19.16"),
        ("Gut（23.0/Q1）", "23.0"),
        ("（9.3，中科院1区）", "9.3"),
        ("影响因子（IF）：8.4", "8.4"),
        ("影响因子已达到8.4", "8.4"),
        ("影响因子｜8.4", "8.4"),
        ("Impact Factor: 8.4", "8.4"),
        ("影响因子：1区，82.9", "82.9"),
        ("doi: 10.1038/s41467-022-28803-wIF: 16.6 Q1", "16.6"),
    ],
)
def test_labelled_impact_factors(read: Read, line: str, value: str) -> None:
    assert data(read, line, "impact_factor") == [(value, True)]


@pytest.mark.parametrize(
    ("line", "value"), [("10+分纯生信", "10"), ("10分+，很好", "10"), ("15.7分的文章", "15.7"), ("=13.6分JASN", "13.6")]
)
def test_points(read: Read, line: str, value: str) -> None:
    assert data(read, line, "impact_factor") == [(value, False)]


@pytest.mark.parametrize(
    "line",
    [
        "平均影响因子15+",
        "累计影响因子超过300",
        "五年影响因子：12.3",
        "平均IF 10.5",
        "五年IF=8.8",
        "IF=2021",
        "考了90分钟",
        "IF=0",
        "IF=999",
        "得分95%",
        "影响因子很高",
        "MIF 3.5",
        "IF组3个",
        "差了10%",
        *PROSE,
    ],
)
def test_no_impact_factor(read: Read, line: str) -> None:
    assert data(read, line, "impact_factor") == []


@pytest.mark.parametrize("title", ["一区9+：河边的雾", "河边的雾拿下9+！", "9+突破，河边的雾", "一区9+思路：河边的雾"])
def test_a_headline_hints_at_the_factor(read: Read, title: str) -> None:
    found = [item for item in find_paper_data(read(*PROSE, title=title)) if item.field == "impact_factor"]
    assert [(item.value, item.labelled) for item in found] == [("9", False)]


@pytest.mark.parametrize("title", ["CD8+：河边的雾", "100+的河边的雾", "9+3的河边的雾"])
def test_other_pluses_of_a_headline(read: Read, title: str) -> None:
    assert [item for item in find_paper_data(read(*PROSE, title=title)) if item.field == "impact_factor"] == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("分区：中科院一区", "中科院一区"),
        ("JCR Q1", "JCR Q1"),
        ("中科院1区TOP", "中科院1区TOP"),
        ("（IF=9.8，Q2）", "Q2"),
        ("医学二区", "医学二区"),
    ],
)
def test_quartiles(read: Read, line: str, value: str) -> None:
    assert data(read, line, "quartile") == [(value, True)]


@pytest.mark.parametrize("line", ["河东区很大", "Q5", "5区", *PROSE])
def test_no_quartile(read: Read, line: str) -> None:
    assert data(read, line, "quartile") == []


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("发表时间：2021年2月", "2021年2月"),
        ("2021年2月3日上线", "2021年2月3日"),
        ("2021-02-17", "2021-02-17"),
        ("2021.02.17", "2021.02.17"),
        ("2021/2/17", "2021/2/17"),
        ("2021 Feb 17", "2021 Feb 17"),
        ("今年3月", "今年3月"),
        ("3月5日", "3月5日"),
    ],
)
def test_dates(read: Read, line: str, value: str) -> None:
    assert data(read, line, "published") == [(value, True)]


@pytest.mark.parametrize("line", ["2021年", "共2021例", "12345-67", "3-5天", *PROSE])
def test_no_date(read: Read, line: str) -> None:
    assert data(read, line, "published") == []


def test_digits_of_a_doi_are_no_date(read: Read) -> None:
    assert data(read, "DOI：10.1016/j.cell.2021.04.048", "published") == []


def test_reference_lists_are_left_out(read: Read) -> None:
    reading = read("参考文献", "Hao Y, Hao S, et al. Maps of the river and its banks. Cell. 2021 May 31;184:3573.")
    assert list(find_paper_data(reading)) == []
