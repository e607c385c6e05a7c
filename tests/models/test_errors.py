"""Errors carry what they are about, and come home from workers whole."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest
from wenzhai.models import FetchError, PageProblem, PageRef, PageState, QueryError, WenzhaiError, errors
from wenzhai.models.outcome import Failed


def kinds(root: type[WenzhaiError] = WenzhaiError) -> Iterator[type[WenzhaiError]]:
    yield root
    for kind in root.__subclasses__():
        yield from kinds(kind)


# Those of tests and of other libraries that derive from ours are not meant.
KINDS = [kind for kind in kinds() if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", KINDS)
def test_error_survives_pickling(kind: type[WenzhaiError]) -> None:
    error = kind("went wrong", subject="a.md", hint="try again")
    error.extra = "also this"  # type: ignore[attr-defined]
    back = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert type(back) is kind
    assert str(back) == str(error) == "a.md: went wrong (try again)"
    assert vars(back) == vars(error)


def test_own_attributes_survive_pickling() -> None:
    fetch: FetchError = pickle.loads(pickle.dumps(FetchError("HTTP 404", retryable=False, status=404)))  # noqa: S301
    assert (fetch.retryable, fetch.status) == (False, 404)
    query: QueryError = pickle.loads(pickle.dumps(QueryError("here", position=3)))  # noqa: S301
    assert query.position == 3


@pytest.mark.parametrize(
    ("subject", "hint", "told"),
    [("", "", "wrong"), ("a", "", "a: wrong"), ("", "do", "wrong (do)"), ("a", "do", "a: wrong (do)")],
)
def test_error_says_what_about_and_what_to_do(subject: str, hint: str, told: str) -> None:
    assert str(WenzhaiError("wrong", subject=subject, hint=hint)) == told


def test_every_kind_is_drawn_in_the_tree_and_exported() -> None:
    import wenzhai.models

    for kind in KINDS:
        assert kind.__name__ in (errors.__doc__ or "")
        assert kind.__name__ in wenzhai.models.__all__


def test_failed_outcome_tells_its_reason() -> None:
    ref = PageRef("a.md", "archive")
    assert Failed(ref, WenzhaiError("wrong", subject="a.md")).reason == "a.md: wrong"
    assert Failed(ref, PageProblem(ref, PageState.DELETED, evidence="gone")).reason == "deleted: gone"
    assert Failed(ref, PageProblem(ref, PageState.DELETED, evidence="gone", detail="it is")).reason == "deleted: it is"


def test_states_are_readable_or_not_and_permanent_only_if_not() -> None:
    for state in PageState:
        assert not (state.readable and state.permanent)
