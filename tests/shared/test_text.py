"""Text: no control characters, and something that can be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.text import clean_line, clean_text, is_blank, language_tag, slug

BLANK = ["", " ", "\u200b", "\u202e", "\ufeff \u2060", "\u00a0", "\u3164", "\u2800", "\u00ad", "\ufe0f", "\u2028"]


@pytest.mark.parametrize("text", BLANK)
def test_what_cannot_be_seen_is_blank(text: str) -> None:
    assert is_blank(text)
    for clean in (clean_line, clean_text):
        with pytest.raises(ValueError, match=r"seen|line"):
            clean(text)


@pytest.mark.parametrize("text", ["Wellspring", "می‌خواهم", "👩\u200d🌾", "❤\ufe0f", "שלום\u200f!", "."])
def test_what_languages_need_stays_as_it_is(text: str) -> None:
    assert clean_line(text) == clean_text(text) == text


@pytest.mark.parametrize("bad", ["a\0b", "a\x07", "\x1b[31mred", "a\x7f", "a\x85b", "a\ud800b"])
def test_control_characters_and_half_letters_are_refused(bad: str) -> None:
    for clean in (clean_line, clean_text):
        with pytest.raises(ValueError, match=r"control|surrogate"):
            clean(bad)


@pytest.mark.parametrize("text", ["two\nlines", "two\r\nlines", "a\ttab"])
def test_only_longer_text_has_lines_and_tabs(text: str) -> None:
    assert clean_text(text) == text
    with pytest.raises(ValueError, match="one line"):
        clean_line(text)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"])))
def test_a_line_is_refused_only_when_blank(text: str) -> None:
    if is_blank(text):
        with pytest.raises(ValueError, match="seen"):
            clean_line(text)
    else:
        assert clean_line(text) == text


@pytest.mark.parametrize("text", ["a", "north-east", "2-be-or-not"])
def test_a_slug_stays_as_it_is(text: str) -> None:
    assert slug(text) == text


@pytest.mark.parametrize("text", ["", "-", "a-", "-a", "a--b", "North", "nörth", "a b", "a\n", "a/b"])
def test_what_is_no_slug_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as north-east"):
        slug(text)


@pytest.mark.parametrize("text", ["en", "cy", "pt-BR", "zh-Hant-TW"])
def test_a_language_tag_stays_as_it_is(text: str) -> None:
    assert language_tag(text) == text


@pytest.mark.parametrize("text", ["", "e", "english", "EN", "en_GB", "en-", "en\n", "pt-B", "en-a1-b2-c3-d4"])
def test_what_is_no_language_tag_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as en"):
        language_tag(text)
