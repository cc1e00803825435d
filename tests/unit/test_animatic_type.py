"""Words, lines and pages: nothing lost, nothing clipped, nothing lonely."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.providers.animatic.lettering import (
    BUNDLED,
    draw,
    pixels_of,
    read_words,
    runs_right_to_left,
    width_of,
)
from rushes.providers.animatic.mood import read_mood
from rushes.providers.animatic.page_layout import (
    Box,
    Style,
    TypeSizes,
    break_lines,
    lay_out,
    reading_times,
)

STYLE = Style(
    box=Box(80, 100, 1120, 440),
    sizes=TypeSizes(largest=70, comfortable=40, smallest=19),
    most_pages=3,
    from_right=False,
    stands_at=0.5,
)
PARAGRAPH = (
    "A weathered lighthouse keeper climbs the spiral stairs at dusk. He carries a lantern. "
    "Outside, waves break against the rocks and the first stars come out. The beam turns. "
)


def set_words(prompt, style=STYLE):
    return lay_out(read_words(prompt), style)


@pytest.mark.parametrize("prompt", ["Sunrise", PARAGRAPH, PARAGRAPH * 4, PARAGRAPH * 28])
def test_every_word_stands_inside_the_box_in_its_order(prompt):
    layout = set_words(prompt)
    placed = [word for page in layout.pages for word in page]
    assert [p.word.text for p in placed] == prompt.split()
    for p in placed:
        assert p.left >= STYLE.box.left
        assert p.left + pixels_of(p.word, layout.size) <= STYLE.box.left + STYLE.box.width
        assert p.baseline - layout.size * 0.8 >= STYLE.box.top
        assert p.baseline + layout.size * 0.25 <= STYLE.box.top + STYLE.box.height + 1


def test_a_short_prompt_is_set_large_and_a_long_one_smaller_on_more_pages():
    short, long = set_words("Sunrise over the dunes"), set_words(PARAGRAPH * 4)
    assert (short.size, len(short.pages)) == (STYLE.sizes.largest, 1)
    assert long.size < short.size
    assert 1 < len(long.pages) <= STYLE.most_pages


def test_a_page_turns_where_a_sentence_ends():
    pages = set_words(PARAGRAPH * 3).pages
    assert len(pages) > 1
    assert all(page[-1].word.ends_sentence for page in pages)


def test_the_last_line_is_not_one_lonely_word():
    layout = set_words("Slow pan left across an empty theatre with red velvet seats tonight")
    lines = [p.baseline for p in layout.pages[0]]
    assert lines.count(max(lines)) > 1


def test_a_right_to_left_prompt_begins_at_the_right_edge():
    prompt = "שלום עולם כחול"
    assert runs_right_to_left(prompt)
    style = Style(STYLE.box, STYLE.sizes, 3, from_right=True, stands_at=0.5)
    first, *_, last = set_words(prompt, style).pages[0]
    assert first.left > last.left
    edge = STYLE.box.left + STYLE.box.width
    assert first.left + pixels_of(first.word, STYLE.sizes.largest) == pytest.approx(edge, abs=1)


def test_a_language_without_spaces_is_broken_between_its_characters():
    words = read_words("夜の海、静かな波。")
    assert len(words) > 5
    assert not any(word.text.startswith(("、", "。")) for word in words)
    assert all(word.is_joined for word in words[1:])


def test_latin_accents_need_no_other_font():
    words = read_words("Mädchen señor Łódź Příliš žluťoučký kůň Ça naïve")
    drawn_here = [word for word in words if word.font == BUNDLED and word.marks]
    assert len(drawn_here) >= 7
    plain, accented = (draw(word, 60).mask for word in read_words("u ü"))
    extra = np.argwhere(accented.astype(int) - plain.astype(int) > 128)
    assert len(extra) > 20
    assert extra[:, 0].max() < np.argwhere(plain > 128)[:, 0].min()


def test_control_characters_and_joiners_are_left_out():
    assert [w.text for w in read_words("a\x00b \u202ec\u202c\n\td\u200be")] == ["a", "b", "c", "de"]


def test_pages_share_the_whole_time_without_gaps():
    layout = set_words(PARAGRAPH * 4)
    times = reading_times(layout, 150)
    assert times[0].start == 0
    assert times[-1].stop == 150
    assert all(a.stop == b.start for a, b in pairwise(times))
    assert min(map(len, times)) > 30


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_no_text_breaks_the_layout(text):
    words = read_words(text)
    layout = lay_out(words, STYLE)
    assert sum(map(len, layout.pages)) == len(words)
    room = max([10.0, *(width_of(word) for word in words)])
    assert [w for line in break_lines(words, room) for w in line] == words


@pytest.mark.parametrize(
    ("prompt", "inward", "right"),
    [
        ("The camera pushes in on a face", 1, 0),
        ("Dolly out from the window", -1, 0),
        ("Slow pan left across a theatre", 0, 1),
    ],
)
def test_the_movement_follows_the_words(prompt, inward, right):
    movement = read_mood(prompt, 0).movement
    assert (movement.inward, movement.right) == (inward, right)


def test_the_time_of_day_colours_the_picture_more_than_the_place():
    assert abs(read_mood("A forest at sunset", 3).hue - 62) <= 10
    assert abs(read_mood("A forest", 3).hue - 150) <= 10
