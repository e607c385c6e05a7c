"""The quality of extraction on a gold file, held against floors that only ever rise.

    python benchmarks/quality.py GOLD.jsonl FOLDER [--data FOLDER] [--floors FILE] [--gold-name NAME]
                                 [--errors FIGURE] [--json] [--raise-floors] [--lower-floors]

FOLDER holds the archived articles (.md): a gold's id ends in the stem of its article's file. Prints precision,
recall and F1 of each figure. Exits 1, and names each figure, where F1 is below its floor. The floors hold for the
lexicons built in; `--data` shows what updated ones come to.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from extraction_scores import FIGURES, Gold, Scores, Tally
from quality_floors import FLOORS, lowered, raised, read_floors, shortfalls, write_floors
from wenzhai import __version__
from wenzhai.extractors.nlp import Extractor
from wenzhai.harvester.page_reader import read_page
from wenzhai.models import Article, PageRef, RawPage

FIXTURES_GOLD = Path(__file__).parent.parent / "fixtures" / "gold.jsonl"
FIXTURES_NAME, LARGE_NAME = "fixtures", "large"


class MissingArticleError(Exception):
    """Articles of a gold file that are not in the folder, or are no articles: their figures would mean nothing."""


def read_gold(path: Path) -> list[Gold]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_articles(gold: Iterable[Gold], folder: Path) -> Iterator[tuple[Gold, Article]]:
    """Each line of the gold with its article.

    Raises:
        MissingArticleError: some have none; raised before the first article is read where their files are missing.
    """
    files = {path.stem: path for path in folder.glob("*.md")}
    paths = [(row, find_file(row["id"], files)) for row in gold]
    if missing := [row["id"] for row, path in paths if path is None]:
        raise MissingArticleError(f"{len(missing)} articles of the gold are not in {folder}: {', '.join(missing)}")
    for row, path in paths:
        assert path is not None  # noqa: S101 (none is missing)
        page = RawPage(PageRef(str(path), "archive"), path.read_bytes(), str(path), "text/markdown", datetime.now(UTC))
        article = read_page(page)
        if not isinstance(article, Article):
            raise MissingArticleError(f"{path} holds no article, but is {article.state}: {article.detail}")
        yield row, article


def find_file(gold_id: str, files: dict[str, Path]) -> Path | None:
    """The file whose stem is the id, or the longest end of the id that begins after a hyphen."""
    parts = gold_id.split("-")
    stems = ("-".join(parts[start:]) for start in range(len(parts)))
    return next((files[stem] for stem in stems if stem in files), None)


def measure(gold: Iterable[Gold], folder: Path, extractor: Extractor) -> Scores:
    """Extracts the gold's articles of a folder and compares.

    Raises:
        MissingArticleError: an article of the gold has no file there, or none that holds an article.
    """
    scores = Scores()
    for row, article in read_articles(gold, folder):
        scores.add(row, extractor.extract(article))
    return scores


def row_of(tally: Tally) -> dict[str, float]:
    rates = {"P": tally.precision, "R": tally.recall, "F1": tally.f1}
    counts = {"gold": tally.right + tally.missed, "predicted": tally.right + tally.extra}
    return {**{name: round(value, 4) for name, value in rates.items()}, **counts}


def show(scores: Scores, *, errors_of: str | None, as_json: bool) -> None:
    if errors_of:
        for article, sign, text in scores.tallies[errors_of].errors:
            print(f"{sign} {article}\t{text}")
        return
    rows = {figure: row_of(tally) for figure, tally in scores.tallies.items()}
    if as_json:
        print(json.dumps({"articles": scores.articles, **rows}, ensure_ascii=False))
        return
    print(f"{scores.articles} articles")
    print(f"{'':<24}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'found':>7}")
    for figure, row in rows.items():
        print(f"{figure:<24}{row['P']:>7.3f}{row['R']:>7.3f}{row['F1']:>7.3f}{row['gold']:>7}{row['predicted']:>7}")


def keep_floors(measured: dict[str, float], options: argparse.Namespace) -> int:
    """Changes the floors as asked, and holds the figures against them: 1 if any is below."""
    floors = read_floors(options.floors)
    before = floors.get(options.gold_name, {})
    after = raised(measured, before) if options.raise_floors else before
    after = lowered(measured, after) if options.lower_floors else after
    if after != before:
        write_floors(options.floors, {**floors, options.gold_name: after})
        changed = [figure for figure in after if after[figure] != before.get(figure)]
        print(f"{options.floors}: other floors for {', '.join(changed)}", file=sys.stderr)
    below = shortfalls(measured, after)
    for each in below:
        print(each, file=sys.stderr)
    return 1 if below else 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, help="data folder with updated lexicons")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="table of floors")
    parser.add_argument("--gold-name", help=f"whose floors; {FIXTURES_NAME} for fixtures/gold.jsonl, else {LARGE_NAME}")
    parser.add_argument("--errors", choices=FIGURES, metavar="FIGURE", help="list what was too much (+) or missed (-)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--raise-floors", action="store_true", help="write floors a little below what is measured")
    parser.add_argument("--lower-floors", action="store_true", help="accept what is below its floor")
    options = parser.parse_args(arguments)
    writes = options.raise_floors or options.lower_floors
    if options.data and options.floors == FLOORS and writes:
        parser.error("the floors hold for the lexicons built in: leave --data out")
    if options.gold_name is None and options.gold.resolve() == FIXTURES_GOLD.resolve():
        options.gold_name = FIXTURES_NAME
    elif options.gold_name is None and writes:
        parser.error("say whose floors to write: --gold-name NAME")
    options.gold_name = options.gold_name or LARGE_NAME
    return options


def main(arguments: Sequence[str] | None = None, *, extractor: Extractor | None = None) -> int:
    options = parse(arguments)
    extractor = extractor or Extractor(version=__version__, data_folder=options.data)
    try:
        scores = measure(read_gold(options.gold), options.folder, extractor)
    except MissingArticleError as error:
        print(error, file=sys.stderr)
        return 1
    show(scores, errors_of=options.errors, as_json=options.json)
    return keep_floors(scores.f1(), options)


if __name__ == "__main__":
    sys.exit(main())
