"""wenzhai in a notebook, and as `python -m wenzhai`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import wenzhai
from wenzhai import Article, SearchQuery, extract, open_store, read_page
from wenzhai.models import SourceError

from .command_line import ARCHIVE, FIXTURES, ROOT


def test_five_lines(data_folder: Path) -> None:
    article = read_page(ARCHIVE / "cellchat-labelled-block.md")
    record = extract(article, data_folder=data_folder)
    assert isinstance(article, Article)
    assert record.papers[0].doi == "10.1038/s41467-021-21246-9"
    assert record.provenance.wenzhai == wenzhai.__version__


def test_a_store_is_opened_by_name(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "a.db"), create=True) as store:
        assert store.count(SearchQuery(text="单细胞")) == 0


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (FIXTURES / "pages" / "deleted_zh" / "page.html", "no article: deleted"),
        (ARCHIVE, "holds several articles"),
        ("missing.md", "missing.md"),
    ],
)
def test_what_is_no_article_is_told(target: Path | str, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        read_page(target)


def test_a_page_that_somebody_has_is_not_asked_for() -> None:
    page = (FIXTURES / "pages" / "article" / "page.html").read_bytes()
    given = read_page("https://mp.weixin.qq.com/s/Fixture0000000000000AA", content=page)
    saved = read_page(FIXTURES / "pages" / "article" / "page.html")
    assert (given.title, given.text, given.account) == (saved.title, saved.text, saved.account)
    assert read_page("https://mp.weixin.qq.com/s/a", content=page.decode()).text == saved.text
    with pytest.raises(SourceError, match="no article: unknown"):
        read_page("https://mp.weixin.qq.com/s/a", content="")


def test_the_batches_of_the_documents_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import json.*?)```", text, re.DOTALL)
    page = (FIXTURES / "pages" / "article" / "page.html").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - the code of the documents
    found = names["records"](
        {"url": ["https://mp.weixin.qq.com/s/a", "https://mp.weixin.qq.com/s/b"], "html": [page, ""]}
    )
    record, aside = map(json.loads, found["record"])
    assert record["article"]["text"]
    assert set(aside) == {"url", "aside"}


def test_importing_is_cheap() -> None:
    loaded = "{'wenzhai', 'pydantic', 'spacy', 'httpx', 'lxml', 'numpy'}"
    code = f"import sys, wenzhai; dir(wenzhai); print([n for n in sys.modules if n.split('.')[0] in {loaded}])"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "['wenzhai']"


def test_names_that_are_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = wenzhai.nonsense
    assert set(wenzhai.__all__) <= set(dir(wenzhai))


def test_python_m() -> None:
    command = [sys.executable, "-m", "wenzhai", "--version"]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    assert child.stdout == f"wenzhai {wenzhai.__version__}\n"


def test_the_notebook_of_the_documents_runs(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    (tmp_path / "fixtures").symlink_to(FIXTURES)
    harvest = [sys.executable, "-m", "wenzhai", "harvest", "fixtures/archive/cellchat-labelled-block.md"]
    subprocess.run(harvest, cwd=tmp_path, check=True, capture_output=True)
    examples = re.findall(r"```python\n(.*?)```\n+```text\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    for code, output in examples:
        child = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert child.stdout == output, child.stderr
