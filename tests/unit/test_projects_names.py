"""Names of projects, and the folders made from them: whatever is typed, nothing escapes."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.domain.errors import IllegalNameError
from rushes.domain.project import NAME_LIMIT, clean_name, folder_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Teaser", "Teaser"),
        ("  two   words \n", "two words"),
        ("a\tb\nc", "a b c"),
        ("nul\x00in\x07side", "nulinside"),
        ("../x", "../x"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\u2068مشروع\u2069", "مشروع"),
        ("🎬 reel", "🎬 reel"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\ufeffbom", "bom"),
        ("a\ud800b", "ab"),
        ("é" * NAME_LIMIT, "é" * NAME_LIMIT),
    ],
)
def test_a_name_is_kept_as_one_visible_line(given_name, kept):
    assert clean_name(given_name) == kept


@pytest.mark.parametrize(
    "name", ["", "   ", "\n\t", "\x00", "\u200b\u200e", "\u3000", "\u200d", " \u200d \u200d"]
)
def test_a_name_with_nothing_to_see_is_refused(name):
    with pytest.raises(IllegalNameError) as caught:
        clean_name(name)
    assert caught.value.problem.facts["field"] == "name"


@pytest.mark.parametrize("length", [NAME_LIMIT + 1, 5000])
def test_a_name_that_is_too_long_is_refused_with_its_length_and_the_limit(length):
    with pytest.raises(IllegalNameError) as caught:
        clean_name("x" * length, field="project")
    assert caught.value.problem.facts == {"field": "project", "length": length, "limit": NAME_LIMIT}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Teaser 2", "Teaser-2"),
        ("../x", "x"),
        ("../../etc/passwd", "etc-passwd"),
        ("/absolute", "absolute"),
        ("..", "project"),
        (".", "project"),
        (".hidden", "hidden"),
        ('a\\b:c*d?e"f<g>h|i', "a-b-c-d-e-f-g-h-i"),
        ("🎬🎬", "project"),
        ("🎬 reel", "reel"),
        ("\u202eexe", "exe"),
        ("مشروع", "مشروع"),
        ("nul\x00byte", "nul-byte"),
        ("   ", "project"),
        ("e\u0301te\u0301", "été"),
        ("%2e%2e%2f", "2e-2e-2f"),
        ("-rf", "rf"),
    ],
)
def test_a_folder_is_readable_and_harmless(name, folder):
    assert folder_name(name) == folder


def test_a_folder_of_a_long_name_fits_every_disk_and_ends_on_a_whole_character():
    assert folder_name("x" * 5000) == "x" * 60
    assert folder_name("é" * 5000) == "é" * 30
    assert folder_name("日本" * 5000) == "日本" * 10


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_no_name_whatever_makes_a_folder_that_is_more_than_letters_digits_and_dashes(name):
    folder = folder_name(name)
    assert folder == folder.strip("-")
    assert 0 < len(folder.encode()) <= 60
    assert all(c.isalnum() or c == "-" for c in folder)


@given(st.text(max_size=200))
@settings(max_examples=200)
def test_a_clean_name_stays_as_it_is_and_holds_no_control_character(name):
    try:
        cleaned = clean_name(name)
    except IllegalNameError:
        return
    assert clean_name(cleaned) == cleaned
    assert 0 < len(cleaned) <= NAME_LIMIT
    assert not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in cleaned)
