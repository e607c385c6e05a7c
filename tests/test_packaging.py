"""The package list is written by hand; these keep it complete."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import wenzhai

from .command_line import ROOT

SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
NOT_SOURCES = {"benchmarks", "build", "dist", "docs", "fixtures", "tests"}


def source_files(pattern: str) -> Iterator[Path]:
    """Files of the package, as paths from its root."""
    for path in sorted(ROOT.rglob(pattern)):
        inside = path.relative_to(ROOT)
        if inside.parts[0] not in NOT_SOURCES and not inside.parts[0].startswith("."):
            yield inside


def package_of(folder: Path) -> str:
    return ".".join(("wenzhai", *folder.parts))


def test_every_folder_with_modules_is_a_listed_package() -> None:
    with_modules = {package_of(path.parent) for path in source_files("*.py")}
    assert with_modules == set(SETUPTOOLS["packages"])
    assert with_modules == {package_of(path.parent) for path in source_files("__init__.py")}


def test_every_data_file_is_installed() -> None:
    kinds = ("*.tsv", "*.npz", "*.typed", "*.sql", "*.html", "*.css", "*.yaml")
    data = [path for pattern in kinds for path in source_files(pattern)]
    assert len(data) > 5
    for path in data:
        # Templates and the like are in folders that are no packages, so of the nearest one above.
        package = next(each for each in path.parents if package_of(each) in SETUPTOOLS["packages"])
        patterns = SETUPTOOLS["package-data"].get(package_of(package), [])
        inside = path.relative_to(package).as_posix()
        assert any(fnmatch.fnmatch(inside, pattern) for pattern in patterns), f"{path} is in no package-data"


def test_one_version() -> None:
    assert metadata.version("wenzhai") == wenzhai.__version__


def test_changelog_knows_this_version() -> None:
    assert f"## [{wenzhai.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_lock_names_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    wanted += [each for extra in project["project"]["optional-dependencies"].values() for each in extra]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    for requirement in wanted:
        name = requirement.split("[")[0].split(">")[0].lower()
        assert f"\n{name}==" in f"\n{lock}", f"{name} is not in requirements.lock: run ./run.sh lock"
    assert "://" not in lock
