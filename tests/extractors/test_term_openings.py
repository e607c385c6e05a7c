"""No term is missed, whatever stands around it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from wenzhai.extractors.folding import fold, piece_spans, pieces
from wenzhai.extractors.term_openings import Openings

TEXTS = st.text(alphabet="雾河il6- \n", max_size=30)


@given(terms=st.lists(TEXTS.filter(str.strip), min_size=1, max_size=5), text=TEXTS)
def test_every_place_of_a_term_is_offered(terms: list[str], text: str) -> None:
    keys = [tuple(pieces(term)) for term in terms]
    folded = fold(text)
    starts, ends = piece_spans(folded)
    words = tuple(folded[start:end] for start, end in zip(starts, ends, strict=True))
    offered = Openings(keys).places(folded, starts, ends)
    begun = [n for n in range(len(words)) if any(words[n : n + len(key)] == key for key in keys)]
    assert set(begun) <= set(offered)


def test_other_places_are_not_looked_at() -> None:
    folded = "河上有雾，il6"
    assert Openings([("雾", "河"), ("il6",), ("有",)]).places(folded, *piece_spans(folded)) == [2, 5]
