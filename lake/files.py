"""Files at addresses: this machine's, or those of an object store or cluster, through fsspec."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ..models import ConfigError, SourceError

if TYPE_CHECKING:
    import fsspec

HINT = "pip install 'wenzhai[lake]'"


def open_files(address: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system of an address, and the path on it.

    Raises:
        ConfigError: fsspec, or what it needs for such an address, is not installed.
        SourceError: it is no address.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ConfigError("needs fsspec", subject=address, hint=HINT) from error
    try:
        files, path = url_to_fs(address)
    except ImportError as error:
        raise ConfigError(f"cannot be read here: {error}", subject=address) from error
    except ValueError as error:
        raise SourceError(f"is no address: {error}", subject=address) from error
    return files, path


def need_pyarrow() -> Any:
    """pyarrow. Raises ConfigError when it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ConfigError("needs pyarrow", subject="Parquet", hint=HINT) from error
    return pyarrow


def read_json(files: fsspec.AbstractFileSystem, path: str) -> Any:
    """What a JSON file holds, None when there is none."""
    try:
        return json.loads(files.cat_file(path))
    except FileNotFoundError:
        return None


def write_json(files: fsspec.AbstractFileSystem, path: str, value: object) -> None:
    """Writes a JSON file, all of it or nothing."""
    partial = partial_name(path)
    files.pipe_file(partial, json.dumps(value, ensure_ascii=False).encode())
    put_in_place(files, partial, path)


def partial_name(path: str) -> str:
    """Where to write what is to become this file: beside it, ignored by those who read the folder."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/_{uuid4().hex}.{name}"


def put_in_place(files: fsspec.AbstractFileSystem, partial: str, path: str) -> None:
    """Gives a file that is written its name, in place of an older one."""
    if files.exists(path):
        files.rm_file(path)
    files.mv(partial, path)
