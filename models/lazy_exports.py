"""Packages whose names are loaded when they are first asked for (PEP 562).

What `import wenzhai.models` offers needs pydantic, which takes 0.2 s to import; a search needs only the errors and
three enumerations of it. So a package lists its names for type checkers under ``if TYPE_CHECKING:``, and says here
which module each one is in:

    else:
        __getattr__ = lazy_exports(__name__, {"errors": "QueryError WenzhaiError"})
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping


def lazy_exports(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """The ``__getattr__`` of a package.

    Args:
        package: its ``__name__``.
        homes: for each of its modules the names that come from there, separated by spaces. None may be called
            like a module of the package: importing the module would put it in the name's place.
    """
    home_of = {name: module for module, names in homes.items() for name in names.split()}

    def load(name: str) -> object:
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # the next time Python finds it by itself
        return value

    return load
