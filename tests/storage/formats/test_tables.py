"""CSV, TSV and Parquet, read back by csv, DuckDB and Polars."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import polars
import pytest
from wenzhai.models import ConfigError
from wenzhai.storage.claim_table import COLUMNS, FORMULA_STARTS, as_written, harmless
from wenzhai.storage.claims import claims
from wenzhai.storage.exporters import export, parquet

from ..rich_examples import TEXT, control_record, empty_record, rich_record

RECORDS = [rich_record("a"), empty_record(), control_record(), rich_record("b")]


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_one_row_a_claim(name: str, delimiter: str) -> None:
    out = io.StringIO()
    assert export(name, (record.model_dump_json() for record in RECORDS), out) == len(RECORDS)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter))
    expected = [(record, claim) for record in RECORDS for claim in claims(record)]
    assert [tuple(row) for row in rows[:1]] == [COLUMNS]
    assert len(rows) == len(expected)
    for row, (record, claim) in zip(rows, expected, strict=True):
        assert row["record"] == record.article.id
        assert (as_written(row["value"]), as_written(row["quote"]) or None) == (
            claim.value,
            claim.quote and claim.quote.text,
        )
        if claim.quote:
            whole = record.article.text if row["part"] == "text" else record.article.title
            assert whole[int(row["start"]) : int(row["end"])] == claim.quote.text
        assert not any((cell or "").startswith(FORMULA_STARTS) for cell in row.values())


@pytest.mark.parametrize(("name", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_duckdb_reads_the_same_rows_as_csv_does(tmp_path: Path, name: str, delimiter: str) -> None:
    file = tmp_path / f"out.{name}"
    with file.open("w", encoding="utf-8", newline="") as out:
        export(name, (record.model_dump_json() for record in RECORDS), out)
    with duckdb.connect() as connection:
        rows = connection.execute(
            "SELECT * FROM read_csv(?, header = true, all_varchar = true, delim = ?, quote = '\"', escape = '\"')",
            [str(file), delimiter],
        ).fetchall()
    with file.open(encoding="utf-8", newline="") as text:
        expected = list(csv.reader(text, delimiter=delimiter))[1:]
    assert [[cell or "" for cell in row] for row in rows] == expected


def test_a_claim_names_the_paper_it_is_of() -> None:
    found = {claim.field: claim for claim in claims(RECORDS[0]) if claim.value not in ("=cmd()", "2019年", "3.0")}
    assert found["gene"].pmid == found["paper.doi"].pmid == "40000001"
    assert found["gene"].id == "HGNC:1"
    assert found["gene"].quote is not None
    assert found["gene"].quote.part == "title"
    assert found["accession"].id == "GEO:GSE113854"
    assert found["limitation"].value == "局限是样本少。"


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\n=1", "＝1", "＋1", "－1", "＠x", "'=1", "'x", "x=1", ""]
)
def test_formulas_are_harmless_and_come_back(cell: str) -> None:
    assert not harmless(cell).startswith(FORMULA_STARTS)
    if not cell.startswith("'="):
        assert as_written(harmless(cell)) == cell


def written_parquet(path: Path) -> Path:
    file = path / "out.parquet"
    with file.open("wb") as out:
        assert parquet.write_binary(iter(RECORDS), out) == len(RECORDS)
    return file


def test_duckdb_reads_parquet(tmp_path: Path) -> None:
    file = written_parquet(tmp_path)
    with duckdb.connect() as connection:
        connection.execute("CREATE VIEW exported AS SELECT * FROM read_parquet($file)".replace("$file", f"'{file}'"))
        genes = connection.execute(
            """SELECT article.id, gene.symbol, gene.mentions[1].start FROM
                (SELECT article, unnest(genes) AS gene FROM exported) WHERE gene.central"""
        ).fetchall()
        (text,) = connection.execute("SELECT article.text FROM exported LIMIT 1").fetchall()
        versions = connection.execute("SELECT provenance.extractors['genes'] FROM exported LIMIT 1").fetchone()
    assert genes == [(record.article.id, "CD274", TEXT.index("PD-L1")) for record in (RECORDS[0], RECORDS[3])]
    assert text == (TEXT,)
    assert versions in (("1",), (["1"],))


def test_polars_reads_parquet(tmp_path: Path) -> None:
    frame = polars.read_parquet(written_parquet(tmp_path))
    assert frame["article"].struct.field("title").to_list() == [record.article.title for record in RECORDS]
    published = frame["article"].struct.field("published_at").to_list()
    assert published == [record.article.published_at for record in RECORDS]
    papers = frame["papers"].to_list()
    assert [paper["doi"] for paper in papers[0]] == [paper.doi for paper in RECORDS[0].papers]
    assert papers[0][0]["journal"]["issn"] == "0028-0836"
    assert papers[0][1]["journal"] is None


def test_parquet_has_every_field_of_a_record(tmp_path: Path) -> None:
    frame = polars.read_parquet(written_parquet(tmp_path))
    dumped = RECORDS[0].model_dump()
    (row,) = frame.head(1).to_dicts()
    assert set(row) == set(dumped)
    for name in ("papers", "genes", "methods", "tools", "diseases", "accessions", "findings"):
        assert [set(each) for each in row[name]] == [set(each) for each in dumped[name]], name
        assert {name for each in dumped[name] for one in each.get("mentions", ()) for name in one} == {
            name for each in row[name] for one in each.get("mentions", ()) for name in one
        }
    assert set(row["article"]) == set(dumped["article"])


def test_parquet_has_row_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "ROW_GROUP", 3)
    with duckdb.connect() as connection:
        groups = connection.execute(
            "SELECT DISTINCT row_group_num_rows FROM parquet_metadata(?) ORDER BY 1", [str(written_parquet(tmp_path))]
        ).fetchall()
    assert groups == [(1,), (3,)]


def test_parquet_without_pyarrow_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"wenzhai\[parquet\]"):
        parquet.write_binary([], io.BytesIO())
