"""wenzhai 文摘: turns Chinese digests of biomedical papers into checked, searchable records.

In a program: ``from wenzhai import extract, read_page, open_store`` (see `wenzhai.api`).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Article, DigestRecord, SearchQuery, Store, extract, open_store, read_page

__version__ = "0.1.0"
__all__ = ["Article", "DigestRecord", "SearchQuery", "Store", "__version__", "extract", "open_store", "read_page"]


def __getattr__(name: str) -> Any:
    # Loaded when first asked for: `import wenzhai` stays cheap, and a module below may ask for the version.
    # `extract` and the like are functions; folders of similar names are packages and come by import as usual.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(".api", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
