"""What a comment is held against: each rule by itself, and all of them together. No database."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service.rules import RULES, Facts, Policy, judge, words

PLAIN = Facts(plain="The bridge opens in March.", links=0, approved=3, repeated=False)
OPEN = Policy(moderation="post", banned_words=["jackpotto", "Straße"], held_words=["idiot"])
STRICTNESS = ["published", "held", "rejected"]


@pytest.mark.parametrize(
    ("rule", "facts", "policy"),
    [
        ("banned-word", {"plain": "Win the JackPotto!"}, {}),
        ("held-word", {"plain": "You idiot."}, {}),
        ("many-links", {"links": 3}, {}),
        ("first-comment", {"approved": 0}, {"moderation": "first"}),
        ("new-links", {"links": 1}, {"hold_new_links": True}),
        ("pre-moderation", {}, {"moderation": "pre"}),
        ("repeated-text", {"repeated": True}, {}),
    ],
)
def test_each_rule_objects_to_its_own_case_and_to_no_other(
    rule: str, facts: dict[str, object], policy: dict[str, object]
) -> None:
    verdict = judge(replace(PLAIN, **facts), replace(OPEN, **policy))  # type: ignore[arg-type]  # a row of a table names any field
    [objection] = verdict.objections
    assert objection.rule == rule
    assert verdict.status == RULES[rule].outcome
    assert objection.reason.endswith(".")


def test_what_nobody_objects_to_is_published() -> None:
    assert judge(PLAIN, OPEN).status == "published"
    assert judge(PLAIN, OPEN).objections == ()
    assert judge(replace(PLAIN, links=2), replace(OPEN, moderation="first")).status == "published"


def test_the_strictest_wins_and_every_reason_is_kept() -> None:
    said = replace(PLAIN, plain="Jackpotto, you idiot", links=9, approved=0)
    verdict = judge(said, replace(OPEN, moderation="first"))
    assert verdict.status == "rejected"
    assert [o.rule for o in verdict.objections] == ["banned-word", "held-word", "many-links", "first-comment"]


@pytest.mark.parametrize(
    "disguised",
    ["JACKPOTTO", "jack\u200bpotto", "\uff4a\uff41\uff43\uff4bpotto", "(jackpotto)", "STRASSE"],
)
def test_a_listed_word_is_found_in_its_disguises(disguised: str) -> None:
    assert judge(replace(PLAIN, plain=f"buy {disguised} now"), OPEN).status == "rejected"


@pytest.mark.parametrize("innocent", ["jackpottos", "idiotic", "Pidiot", "id iot", ""])
def test_a_part_of_a_word_is_no_hit(innocent: str) -> None:
    assert judge(replace(PLAIN, plain=innocent), OPEN).objections == ()


def test_the_evidence_is_the_word_as_it_was_compared() -> None:
    [objection] = judge(replace(PLAIN, plain="What an IDIOT."), OPEN).objections
    assert objection.evidence == "idiot"


FACTS = st.builds(
    Facts, plain=st.text(max_size=80), links=st.integers(0, 5), approved=st.integers(0, 2), repeated=st.booleans()
)
POLICIES = st.builds(
    Policy,
    moderation=st.sampled_from(["pre", "post", "first"]),
    banned_words=st.lists(st.text(max_size=6), max_size=3),
    held_words=st.lists(st.text(max_size=6), max_size=3),
)


@given(FACTS, POLICIES)
def test_one_more_objection_never_makes_a_verdict_milder(facts: Facts, policy: Policy) -> None:
    before = judge(facts, policy)
    after = judge(replace(facts, links=9, repeated=True), policy)
    assert STRICTNESS.index(after.status) >= STRICTNESS.index(before.status)
    assert {o.rule for o in before.objections} <= {o.rule for o in after.objections}


@given(st.text(max_size=200))
def test_words_that_were_taken_apart_once_stay_as_they_are(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


def test_every_rule_is_a_function_and_means_hold_or_reject() -> None:
    for name, meaning in RULES.items():
        assert meaning.rule.__doc__, name
        assert meaning.outcome in {"held", "rejected"}, name
        assert meaning.reason.endswith("."), name
        assert meaning.told.endswith("."), name
