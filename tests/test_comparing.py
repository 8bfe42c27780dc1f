"""A mended text is the same, and another text is another, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments_service.comparing import ELSE, is_mended, share_changed

MENDED = [
    ("I agre with the mayor", "I agree with the mayor!"), ("recieve", "receive"), ("Thanks", "THANKS!!"),
    ("Untied we stand and we fall divided", "United we stand and we fall divided"),
    ("The bridge is old and should be repaired soon", "The bridge is old, and it should be repaired soon."),
    ("Die Brücke ist alt und muß repariert werden", "Die Brücke ist alt und muss repariert werden"),
    ("这座桥很旧了，应该尽快修理", "这座桥很旧了，应该尽快修里"),
    ("この橋は古いので修理が必要です", "この橋は古いので修繕が必要です"),
    ("สะพานนี้เก่ามากควรซ่อม", "สะพานนี้เก่ามากควรซ่อมม"),
    ("Мост старый и его нужно отремонтировать", "Мост старый и его нужно отремонтироват"),
    ("الجسر قديم ويجب إصلاحه", "الجسر قديم ويجب اصلاحه"), ("הגשר ישן וצריך לתקן אותו", "הגשר ישן וצריכ לתקן אותו"),
    ("पुल पुराना है और उसकी मरम्मत होनी चाहिए", "पुल पुराना हैं और उसकी मरम्मत होनी चाहिए"),
    ("Η γέφυρα είναι παλιά", "Η γεφυρα είναι παλιά"), ("text", "t\u200bext"), ("", ""),
]  # fmt: skip
SWAPPED = [
    ("The bridge is old and should be repaired soon", "Buy cheap pills at my shop today"),
    ("I love my neighbours", "I hate my neighbours all"), ("This costs 1000 euro", "This costs 9000 dollar"),
    ("这座桥很旧了，应该尽快修理", "快来买便宜的药，点击这里"),
    ("この橋は古いので修理が必要です", "安い薬はこちらで買えます"),
    ("สะพานนี้เก่ามากควรซ่อม", "ซื้อยาถูกที่ร้านของฉัน"),
    ("Мост старый и его нужно отремонтировать", "Купите дешёвые таблетки у меня"),
    ("الجسر قديم ويجب إصلاحه", "اشتروا الدواء الرخيص عندي"), ("הגשר ישן וצריך לתקן אותו", "קנו תרופות זולות אצלי"),
    ("पुल पुराना है और उसकी मरम्मत होनी चाहिए", "मेरी दुकान से सस्ती दवा खरीदो"), ("👍", "🖕"), ("Yes", "No"),
    ("Short and good.", "Short and good. " + "And now for something completely different. " * 5),
    ("One. " * 30 + "Two.", "Two."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), MENDED)
def test_a_mended_text_is_the_same(before: str, after: str) -> None:
    assert share_changed(before, after) <= ELSE


@pytest.mark.parametrize(("before", "after"), SWAPPED)
def test_another_text_is_another(before: str, after: str) -> None:
    assert share_changed(before, after) > ELSE


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("agre", "agree", True), ("recieve", "receive", True), ("definately", "definitely", True), ("abc", "abc", True),
        ("love", "hate", False), ("1000", "1900", False), ("ab", "ac", False), ("is", "was", False),
        ("kill", "kiss", False), ("government", "governing", False),
    ],
)  # fmt: skip
def test_a_slip_is_one_letter_or_two_in_the_wrong_order(one: str, other: str, same: bool) -> None:
    assert is_mended(one, other) == is_mended(other, one) == same


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_measure_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= share_changed(one, other) <= 1
    assert share_changed(one, one) == 0
    assert (share_changed(one, other) == 0) == (share_changed(other, one) == 0)
