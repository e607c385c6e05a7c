"""Packages that load their names late say each name three times: for checkers, for readers, and where it is."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from wenzhai.models.lazy_exports import lazy_exports

from .command_line import ROOT

PACKAGES = ["models", "storage"]


def parsed(package: str) -> ast.Module:
    return ast.parse((ROOT / package / "__init__.py").read_text(encoding="utf-8"))


def seen_by_checkers(package: str) -> dict[str, list[str]]:
    """Module and names of every import under ``if TYPE_CHECKING:``."""
    (guarded,) = (node for node in parsed(package).body if isinstance(node, ast.If))
    return {
        str(each.module): [alias.name for alias in each.names]
        for each in guarded.body
        if isinstance(each, ast.ImportFrom)
    }


def loaded_late(package: str) -> dict[str, list[str]]:
    """Module and names of the table that `lazy_exports` is given."""
    (call,) = (
        node
        for node in ast.walk(parsed(package))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lazy_exports"
    )
    return {module: names.split() for module, names in ast.literal_eval(call.args[1]).items()}


@pytest.mark.parametrize("package", PACKAGES)
def test_the_lists_of_names_agree(package: str) -> None:
    assert loaded_late(package) == seen_by_checkers(package)
    exported = importlib.import_module(f"wenzhai.{package}").__all__
    assert sorted(exported) == sorted(name for names in loaded_late(package).values() for name in names)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_loads(package: str) -> None:
    module = importlib.import_module(f"wenzhai.{package}")
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in vars(module)  # kept, so that Python finds it by itself


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_that_of_a_module(package: str) -> None:
    modules = {Path(path).stem for path in (ROOT / package).iterdir()}
    assert not modules & set(importlib.import_module(f"wenzhai.{package}").__all__)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match=r"module 'wenzhai\.models' has no attribute 'Artikel'"):
        lazy_exports("wenzhai.models", {"article": "Article"})("Artikel")


def test_importing_a_package_loads_none_of_its_modules() -> None:
    program = "import sys, wenzhai.storage; print(sorted(name for name in sys.modules if 'wenzhai.' in name))"
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "['wenzhai.models', 'wenzhai.models.lazy_exports', 'wenzhai.storage']"
