"""A paper in the making, while its fields are being found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ..models import Journal, Paper, PaperMention, PaperRole, Part
from .folding import fold
from .journals import JournalMention
from .reading import Reading

# Letters of a title's part that are enough to know it by.
_SHORTEST_BEGINNING = 30


@dataclass
class Draft:
    """A paper in the making: the first value of a field stays, mentions are kept for each.

    Attributes:
        line: where it is named; start is the place of its title there, in document coordinates.
        strength: how sure its title is one (`TitleMention.strength`), 0 without a title.
        in_list: whether it comes from a list of references.
    """

    role: PaperRole
    line: int
    strength: int = 0
    start: int = 0
    in_list: bool = False
    values: dict[str, str] = field(default_factory=dict)
    journal: Journal | None = None
    mentions: dict[tuple[str, int], PaperMention] = field(default_factory=dict)

    def put(self, reading: Reading, name: str, value: str, start: int, end: int) -> None:
        self.values.setdefault(name, value)
        if self.values[name] == value:
            self._remember(reading, name, start, end)

    def put_journal(self, reading: Reading, mention: JournalMention) -> None:
        if self.journal is None:
            self.journal = mention.journal
        if self.journal.name == mention.journal.name:
            self._remember(reading, "journal", mention.start, mention.end)

    def _remember(self, reading: Reading, name: str, start: int, end: int) -> None:
        found = reading.mention(start, end)
        if found.text:
            self.mentions.setdefault(
                (name, start),
                PaperMention(text=found.text, start=found.start, end=found.end, part=found.part, field=name),
            )

    def absorb(self, other: Draft) -> None:
        for name, value in other.values.items():
            self.values.setdefault(name, value)
        if _goes_further(other.values.get("title", ""), self.values.get("title", "")):
            self.values["title"] = other.values["title"]  # a Chinese comma or a line's end had cut it off
            self.mentions = {key: mention for key, mention in self.mentions.items() if mention.field != "title"}
        self.journal = self.journal or other.journal
        for key, mention in other.mentions.items():
            if mention.field == "journal" or self.values.get(mention.field) == other.values.get(mention.field):
                self.mentions.setdefault(key, mention)

    def finish(self) -> Paper:
        values = dict(self.values)
        factor = values.pop("impact_factor", None)
        return Paper(
            role=self.role,
            journal=self.journal,
            impact_factor=float(factor) if factor else None,
            mentions=tuple(
                sorted(self.mentions.values(), key=lambda mention: (mention.part is Part.TEXT, mention.start))
            ),
            **values,
        )

    @property
    def completeness(self) -> int:
        """How many fields are known."""
        return len(self.values) + (self.journal is not None)


def same_paper(left: Draft, right: Draft) -> bool:
    """Whether two drafts are of one paper: the same identifier where both have one, else nearly the same title."""
    for name in ("doi", "pmid", "pmcid"):
        if name in left.values and name in right.values:
            return left.values[name] == right.values[name]
    one, two = _title_of(left), _title_of(right)
    return bool(one and two) and (
        one == two
        or one in two
        or two in one
        or (
            min(len(one), len(two)) > 0.8 * max(len(one), len(two))  # else no ratio can be that high
            and SequenceMatcher(None, one, two, autojunk=False).quick_ratio() > 0.95
            and SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.9
        )
    )


def _title_of(draft: Draft) -> str:
    return title_key(draft.values.get("title", ""))


def _goes_further(longer: str, title: str) -> bool:
    one, two = title_key(longer), title_key(title)
    if not len(one) > len(two) >= _SHORTEST_BEGINNING or two not in one:
        return False
    more = one.replace(two, "", 1)  # with digits in it, it would be a volume and pages
    return len(more) <= len(two) and not re.search(r"\d", more) and (one.startswith(two) or one.endswith(two))


def title_key(title: str) -> str:
    """What two spellings of one title have in common: letters and digits, folded."""
    return re.sub(r"[\W_]+", "", fold(title))
