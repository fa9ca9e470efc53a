"""Where results stand: a state follows from what was entered, reviewed and published; nothing entered is ever lost."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from shuangsuiji.followup.results import Entry, Facts, Review, content, parse_entry, publishable, standings
from shuangsuiji.store.rows import EntryRow

NOW = datetime(2026, 5, 1, tzinfo=UTC)
KEYS = (("91A", "nb", "年报"), ("91A", "nb", "信息"), ("91B", "nb", "年报"))


def entry(
    number: int, key: tuple[str, str, str] = KEYS[0], corrects: int = 0, operator: str = "张三"
) -> Entry:
    return Entry(
        id=number,
        batch=1,
        target=key[0],
        task=key[1],
        item=key[2],
        category="no_problem",
        method="on_site",
        day=date(2026, 3, 18),
        persons=("P1", "P2"),
        disposal="",
        evidence="",
        scan="",
        note="",
        enforcement=(),
        corrects=corrects,
        reason="笔误" if corrects else "",
        operator=operator,
        time=NOW,
        source="",
        row=0,
    )


def approved(number: int, *, yes: bool = True) -> Review:
    return Review(number, yes, "" if yes else "缺证据", "李四", NOW)


def test_what_nobody_entered_is_missing_and_never_without_problems() -> None:
    found = standings(KEYS, [], [], {})
    assert [(one.key, one.state, one.entry, one.public) for one in found] == [
        (key, "missing", None, None) for key in KEYS
    ]


def test_each_state_follows_from_what_was_done() -> None:
    first, second = entry(1), entry(2, corrects=1)

    def state(entries: list[Entry], reviews: list[Review], published: dict[int, datetime]) -> tuple[str, int]:
        one = standings(KEYS[:1], entries, reviews, published)[0]
        return one.state, one.public.id if one.public else 0

    assert state([first], [], {}) == ("pending", 0)
    assert state([first], [approved(1, yes=False)], {}) == ("returned", 0)
    assert state([first, second], [approved(1, yes=False)], {}) == ("pending", 0)
    assert state([first], [approved(1)], {}) == ("approved", 0)
    assert state([first], [approved(1)], {1: NOW}) == ("published", 1)
    assert state([first, second], [approved(1)], {1: NOW}) == ("pending", 1)
    assert state([first, second], [approved(1), approved(2)], {1: NOW}) == ("published", 1)
    changed = replace(second, category="closed")
    assert state([first, changed], [approved(1)], {1: NOW}) == ("pending", 1)
    assert state([first, changed], [approved(1), approved(2)], {1: NOW}) == ("approved", 1)
    assert state([first, second], [approved(1), approved(2)], {1: NOW, 2: NOW}) == ("published", 2)


def test_what_is_not_expected_any_more_is_passed_over() -> None:
    assert standings(KEYS[1:], [entry(1)], [], {}) == standings(KEYS[1:], [], [], {})


def test_a_target_is_published_when_all_its_results_are_approved_and_say_something_new() -> None:
    first, second = entry(1), entry(2, KEYS[1])
    one, half = approved(1), standings(KEYS[:2], [first, second], [approved(1)], {})
    assert not publishable(half)
    whole = standings(KEYS[:2], [first, second], [one, approved(2)], {})
    assert publishable(whole)
    told = {1: NOW, 2: NOW}
    assert not publishable(standings(KEYS[:2], [first, second], [one, approved(2)], told))
    noted = replace(entry(3, corrects=1), note="补充说明")
    after = [one, approved(2), approved(3)]
    assert not publishable(standings(KEYS[:2], [first, second, noted], after, told))
    changed = replace(noted, category="closed")
    assert publishable(standings(KEYS[:2], [first, second, changed], after, told))
    assert not publishable(standings(KEYS[:2], [first, second, changed], after[:2], told))


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["enter", "note", "approve", "return", "publish"]), st.integers(0, 2))
)


@settings(max_examples=150)
@given(ACTIONS)
def test_the_states_pass_in_their_order_and_corrections_keep_what_they_correct(
    actions: list[tuple[str, int]],
) -> None:
    entries: list[Entry] = []
    reviews: list[Review] = []
    published: dict[int, datetime] = {}
    model = dict.fromkeys(KEYS, "missing")
    public = dict.fromkeys(KEYS, 0)
    says: dict[int, str] = {0: ""}
    for action, place in actions:
        key = KEYS[place]
        last = next((one for one in reversed(entries) if one.key == key), None)
        kept = list(entries)
        if action in ("enter", "note"):
            made = entry(len(entries) + 1, key, last.id if last else 0)
            # A correction of a note alone says what was said before, any other something new.
            says[made.id] = says[last.id] if last and action == "note" else f"category {made.id}"
            entries.append(replace(made, category=says[made.id]))
            model[key] = "pending"
        elif last and model[key] == "pending" and action in ("approve", "return"):
            reviews.append(approved(last.id, yes=action == "approve"))
            model[key] = "approved" if action == "approve" else "returned"
            if action == "approve" and says[public[key]] == says[last.id]:
                model[key] = "published"
        elif last and model[key] == "approved" and action == "publish":
            published[last.id] = NOW
            model[key], public[key] = "published", last.id
        assert entries[: len(kept)] == kept
        found = standings(KEYS, entries, reviews, published)
        assert {one.key: one.state for one in found} == model
        assert {one.key: one.public.id if one.public else 0 for one in found} == public
        for one in found:
            chain = [other for other in entries if other.key == one.key]
            assert one.entry == (chain[-1] if chain else None)
            assert [other.corrects for other in chain] == [0, *(other.id for other in chain[:-1])][
                : len(chain)
            ]


@given(
    st.builds(
        Facts,
        category=st.text(min_size=1),
        method=st.text(),
        day=st.dates(),
        persons=st.lists(st.text()).map(tuple),
        evidence=st.text(),
        note=st.text(),
        as_drawn=st.booleans(),
    ),
    st.text(),
    st.integers(0, 99),
)
def test_an_entry_is_read_as_it_was_kept(facts: Facts, reason: str, row: int) -> None:
    kept = EntryRow(1, 1, *KEYS[0], content(facts, reason=reason, source="a.csv", row=row), 0, "张三", NOW)
    one = parse_entry(kept)
    assert one.facts == facts
    assert (one.reason, one.row, one.source, one.key) == (reason, row, "a.csv", KEYS[0])
    assert replace(one, id=2).facts == facts
