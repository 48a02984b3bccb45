"""Sentences for people, one file a language: the report and the page take every word from it.

`en.json` is a flat object: dotted names to sentences with ``{values}`` in braces. Another language
is another file with the same names; `language` and `direction` say what it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from entrepot.errors import QuestionError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Catalogue:
    """The sentences of one language.

    Attributes
    ----------
    language : BCP 47 tag, such as `en`
    direction : `ltr` or `rtl`
    """

    sentences: Mapping[str, str]

    @property
    def language(self) -> str:
        """The language's tag."""
        return self.sentences["language"]

    @property
    def direction(self) -> str:
        """How the language is written."""
        return self.sentences["direction"]

    def __call__(self, name: str, /, **values: object) -> str:
        """A sentence with its values put in.

        Raises
        ------
        KeyError : the catalogue has no such sentence, or the sentence asks for another value
        """
        return self.sentences[name].format(**values)


def read_catalogue(language: str = "en") -> Catalogue:
    """The catalogue of a language.

    Raises
    ------
    QuestionError : there is none
    """
    file = FOLDER / f"{language}.json"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in FOLDER.glob("*.json")))
        raise QuestionError(f"there is no catalogue for {language!r}; there are {known}")
    return Catalogue(json.loads(file.read_text(encoding="utf-8")))
