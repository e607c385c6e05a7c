"""Writes the record's JSON Schema to docs/record.schema.json, or with --check tells whether it is current.

python -m wenzhai.models.schema [--check]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from .record import DigestRecord

SCHEMA_FILE = Path(__file__).parent.parent / "docs" / "record.schema.json"


def schema_text() -> str:
    """The JSON Schema of `DigestRecord`, as the file holds it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **DigestRecord.model_json_schema()}
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file is out of date")
    if not parser.parse_args().check:
        SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    elif not SCHEMA_FILE.is_file() or SCHEMA_FILE.read_text(encoding="utf-8") != schema_text():
        sys.exit(f"{SCHEMA_FILE.name} is out of date: run python -m wenzhai.models.schema")


if __name__ == "__main__":
    main()
