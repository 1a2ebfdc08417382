"""Where something is held, from a line or a place."""

import pytest

from almanac.sources.capture.formats import format_of, format_of_place


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("Online meetup tomorrow at 18:00, 61 signed up", "online"),
        ("Remote workshop on testing", "online"),
        ("Virtual hackathon in 4 weeks", "online"),
        ("Webinar about caching, 300 registered", "online"),
        ("Meetup on Zoom next Tuesday", "online"),
        ("Hybrid meetup at the office", "hybrid"),
        ("In-person workshop, 12 seats", "in_person"),
        ("Meetup in Berlin on Thursday", "in_person"),
        ("Meetup at the public library, 40 seats", "in_person"),
        ("Docs night at our new office", "in_person"),
        ("Meetup about remote work in Graz, 38 signed up", "in_person"),
        ("Meetup about virtual machines", ""),
        ("Workshop not online but in Graz", "in_person"),
        ("Meetup in person and on Zoom, 52 signed up", "hybrid"),
        ("Teams call for the community", "online"),
        ("Meetup in March", ""),
        ("Workshop in Rust, 20 signed up", ""),
        ("Meetup in English next week", ""),
        ("Meetup tomorrow at 18:00", ""),
    ],
)
def test_a_line_says_where_it_is_held(line, held):
    assert format_of(line, "workshop" if "orkshop" in line else "event") == held


def test_a_video_link_says_online_and_what_nobody_comes_to_says_nothing():
    link = "https://us02web.zoom.us/j/123"
    assert format_of("Docs night tomorrow", "event", [link]) == "online"
    assert format_of("Docs night tomorrow", "event", ["https://lu.ma/docs"]) == ""
    assert format_of("Wrote a post about online meetups", "post") == ""


@pytest.mark.parametrize(
    ("place", "held"),
    [
        ("Berlin", "in_person"),
        ("https://meet.google.com/abc", "online"),
        ("Online", "online"),
        ("Zoom", "online"),
        ("", ""),
    ],
)
def test_a_place_says_it_too(place, held):
    assert format_of_place(place) == held
