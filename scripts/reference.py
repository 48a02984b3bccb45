"""Writes docs/reference/tables.md from the declarations of the tables."""

from __future__ import annotations

from pathlib import Path

from entrepot.schema.reference import reference_markdown

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "tables.md"

if __name__ == "__main__":
    PAGE.write_text(reference_markdown(), encoding="utf-8")
