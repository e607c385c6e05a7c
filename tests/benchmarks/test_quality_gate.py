"""The gate on extraction's quality: what it measures, which figures it names, and that floors only rise unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from extraction_scores import FIGURES
from quality import FIXTURES_NAME, LARGE_NAME, find_file, main, read_gold
from quality_floors import FLOORS, lowered, raised, read_floors, shortfalls, write_floors
from wenzhai.extractors.nlp import Extractor

from ..extractors.examples import ARCHIVE, GOLD

COMMENT = "# What extraction must reach.\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold file of two articles of fixtures/archive."""
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(GOLD.read_text(encoding="utf-8").splitlines(keepends=True)[:2]), encoding="utf-8")
    return path


@pytest.fixture
def floors(tmp_path: Path) -> Path:
    """A table in which every figure of a gold named `two` has a floor that is easily reached."""
    path = tmp_path / "floors.tsv"
    path.write_text(COMMENT, encoding="utf-8")
    write_floors(path, {"two": dict.fromkeys(FIGURES, 0.0), "another": {"doi": 0.5}})
    return path


def set_floor(path: Path, figure: str, floor: float) -> None:
    floors = read_floors(path)
    floors["two"][figure] = floor
    write_floors(path, floors)


@pytest.mark.parametrize("name", [FIXTURES_NAME, LARGE_NAME])
def test_the_committed_floors_are_whole_and_tidy(name: str, tmp_path: Path) -> None:
    floors = read_floors(FLOORS)
    assert tuple(floors[name]) == FIGURES
    assert all(0 <= floor <= 1 for floor in floors[name].values())
    again = tmp_path / "floors.tsv"
    again.write_bytes(FLOORS.read_bytes())
    write_floors(again, floors)
    assert again.read_bytes() == FLOORS.read_bytes()


def test_a_figure_below_its_floor_is_named() -> None:
    found = shortfalls({"doi": 0.5, "pmid": 0.9, "genes": 0.7}, {"doi": 0.6, "pmid": 0.9})
    assert [str(each) for each in found] == [
        "doi: 0.500 is below its floor of 0.600",
        "genes: 0.700 measured, and no floor to hold it to",
    ]


def test_raising_never_lowers_and_lowering_never_raises() -> None:
    floors = {"doi": 0.6, "pmid": 0.9, "findings": 0.5}
    measured = {"doi": 0.5, "pmid": 0.98, "findings": 0.6}
    assert raised(measured, floors) == {"doi": 0.6, "pmid": 0.97, "findings": 0.58}
    assert lowered(measured, floors) == {"doi": 0.49, "pmid": 0.9, "findings": 0.5}
    assert raised({"doi": 0.601}, {"doi": 0.6}) == {"doi": 0.6}
    assert raised({"doi": 0.005}, {}) == {"doi": 0}


def test_floors_that_are_reached(
    gold: Path, floors: Path, extractor: Extractor, capsys: pytest.CaptureFixture[str]
) -> None:
    before = floors.read_text(encoding="utf-8")
    options = [str(gold), str(ARCHIVE), "--floors", str(floors), "--gold-name", "two"]
    assert main([*options, "--json"], extractor=extractor) == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert list(figures) == ["articles", *FIGURES]
    assert figures["articles"] == 2
    assert figures["text kept"]["F1"] == 1
    assert err == ""
    assert floors.read_text(encoding="utf-8") == before


def test_a_fallen_figure_fails_and_its_floor_stays(
    gold: Path, floors: Path, extractor: Extractor, capsys: pytest.CaptureFixture[str]
) -> None:
    set_floor(floors, "tools", 1.01)  # no extractor reaches it
    options = [str(gold), str(ARCHIVE), "--floors", str(floors), "--gold-name", "two"]

    assert main(options, extractor=extractor) == 1
    out, err = capsys.readouterr()
    assert "key findings" in out
    assert err.startswith("tools: ")
    assert err.endswith("is below its floor of 1.010\n")
    assert err.count("\n") == 1

    assert main([*options, "--raise-floors"], extractor=extractor) == 1
    after = read_floors(floors)
    assert after["two"]["tools"] == 1.01
    assert after["two"]["doi"] == 0.99
    assert "tools: " in capsys.readouterr().err

    assert main([*options, "--lower-floors"], extractor=extractor) == 0
    assert "other floors for tools\n" in capsys.readouterr().err
    lower = read_floors(floors)
    assert lower["two"].pop("tools") < 1
    assert lower["two"].items() < after["two"].items()
    assert lower["another"] == {"doi": 0.5}
    assert floors.read_text(encoding="utf-8").startswith(COMMENT)


def test_a_gold_without_floors_fails(gold: Path, floors: Path, extractor: Extractor) -> None:
    options = [str(gold), str(ARCHIVE), "--floors", str(floors), "--gold-name", "tow"]
    assert main(options, extractor=extractor) == 1


def test_errors_of_a_figure(gold: Path, floors: Path, extractor: Extractor, capsys: pytest.CaptureFixture[str]) -> None:
    rows = read_gold(gold)
    rows[0]["accessions"] = [*rows[0]["accessions"], "GSE000001"]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    options = [str(gold), str(ARCHIVE), "--floors", str(floors), "--gold-name", "two"]
    assert main([*options, "--errors", "accessions"], extractor=extractor) == 0
    assert f"- {rows[0]['id']}\tgse000001\n" in capsys.readouterr().out


def test_an_article_that_is_not_there_is_named(
    gold: Path, floors: Path, tmp_path: Path, extractor: Extractor, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = (row["id"] for row in read_gold(gold))
    folder = tmp_path / "articles"
    folder.mkdir()
    options = [str(gold), str(folder), "--floors", str(floors), "--gold-name", "two"]
    (folder / f"{first.removeprefix('fixture-')}.md").write_bytes(b"")
    assert main(options, extractor=extractor) == 1
    assert capsys.readouterr().err == f"1 articles of the gold are not in {folder}: {second}\n"
    (folder / f"{second}.md").write_bytes(b"")
    assert main(options, extractor=extractor) == 1
    assert "holds no article, but is unknown" in capsys.readouterr().err


def test_the_file_of_an_article() -> None:
    files = {stem: Path(f"{stem}.md") for stem in ("block", "labelled-block", "0a1b")}
    assert find_file("fixture-labelled-block", files) == Path("labelled-block.md")
    assert find_file("dev-0a1b", files) == Path("0a1b.md")
    assert find_file("0a1b", files) == Path("0a1b.md")
    assert find_file("dev-1b", files) is None


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--raise-floors"], "say whose floors to write"),
        (["--raise-floors", "--gold-name", "large", "--data", "data"], "leave --data out"),
    ],
)
def test_floors_are_not_written_by_mistake(
    gold: Path, options: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(gold), str(ARCHIVE), *options])
    assert reason in capsys.readouterr().err
