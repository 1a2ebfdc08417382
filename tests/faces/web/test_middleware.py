"""Middleware."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from almanac.faces.web.typography import tied
from almanac.record.infra import links, sessions
from almanac.record.models import Activity, Change


def addresses():
    for pattern in get_resolver("almanac.faces.web.urls").url_patterns:
        yield "/" + re.sub(
            r"<(\w+):\w+>",
            lambda m: {"int": "1", "slug": "meetups", "str": "x"}[m[1]],
            str(pattern.pattern),
        )


OPEN = {"/shown/x/", "/feed/x/almanac.ics"}
"""Addresses that are a permission themselves."""


@pytest.mark.parametrize("address", sorted(OPEN))
def test_a_link_that_was_not_given_shows_nothing(logbook, address):
    page = Client(HTTP_HOST="127.0.0.1:8765").get(address)
    assert page.status_code == 404
    assert b'aria-label="Main"' not in page.content


@pytest.mark.parametrize("address", sorted(set(addresses()) - OPEN))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_kept_out_of_every_address(logbook, address, method):
    response = getattr(Client(HTTP_HOST="127.0.0.1:8765"), method)(address)

    assert response.status_code in {403, 405}
    assert b"almanac serve" in response.content or response.status_code == 405


def signed_in(**more):
    client = Client(HTTP_HOST="127.0.0.1:8765", **more)
    client.cookies[sessions.cookie_name()] = sessions.begin()
    return client


@pytest.mark.parametrize("address", sorted(set(addresses())))
def test_every_address_refuses_what_comes_from_elsewhere(logbook, address):
    """A page of another host, a form of another site, and a form without its token do nothing."""
    lines = Change.objects.count()
    for method in ("get", "post", "put", "delete"):
        asked = getattr(signed_in(), method)
        assert asked(address, headers={"host": "evil.example"}).status_code == 400
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert signed_in().post(address, headers=headers).status_code == 403
    without = signed_in(enforce_csrf_checks=True).post(address)
    assert without.status_code in {403, 405}
    assert Change.objects.count() == lines
    # Signing out, which changes no record, wants its token too.
    assert "sign-out" not in address or without.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.5"])
def test_other_hosts_are_refused(browser_client, host):
    assert browser_client.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"referer": "https://evil.example/x"},
        {"sec-fetch-site": "cross-site"},
        {"origin": "null"},
    ],
)
def test_forms_of_other_sites_do_nothing(browser_client, headers):
    response = browser_client.post("/capture/", {"text": "Owned"}, headers=headers)

    assert response.status_code == 403
    assert not Activity.objects.exists()


def test_forms_need_their_token(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765", enforce_csrf_checks=True)
    client.cookies[sessions.cookie_name()] = sessions.begin()

    response = client.post("/capture/", {"text": "Owned"})

    assert response.status_code == 403
    assert b"open for too long" in response.content


def test_a_link_opens_the_browser_once(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765")
    token = links.new_link()

    opened = client.get(f"/open/{token}/")
    cookie = opened.cookies[sessions.cookie_name()]

    assert (opened.status_code, opened["Location"]) == (302, "/")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get("/").status_code == 200
    assert Client(HTTP_HOST="127.0.0.1:8765").get(f"/open/{token}/").status_code == 403


def test_signing_out_ends_the_session_for_good(logbook):
    def opened():
        client = Client(HTTP_HOST="127.0.0.1:8765", HTTP_USER_AGENT="Mozilla Firefox/1 (Linux)")
        client.get(f"/open/{links.new_link()}/")
        return client

    mine, other, third = opened(), opened(), opened()
    page = mine.get("/settings/").content.decode()
    assert page.count("Firefox on Linux") == 3
    cookie = other.cookies[sessions.cookie_name()].value
    assert "You are signed out" in other.post("/sign-out/").content.decode()
    other.cookies[sessions.cookie_name()] = cookie
    assert other.get("/").status_code == 403
    mine.post("/sign-out/", {"session": "others"})
    assert (third.get("/").status_code, mine.get("/").status_code) == (403, 200)
    assert mine.get("/settings/").content.decode().count("Firefox on Linux") == 1
    assert third.post("/sign-out/").status_code == 403


def test_every_answer_has_the_strict_policy(browser_client):
    sheet = browser_client.get("/static/almanac/house.css")
    sheet.close()
    for response in (
        sheet,
        browser_client.get("/"),
        browser_client.get("/nowhere/"),
        Client(HTTP_HOST="127.0.0.1").get("/"),
        Client(HTTP_HOST="evil.example").get("/"),
    ):
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_back_never_leaves_the_logbook(browser_client):
    for wanted in (
        "https://evil.example/",
        "//evil.example",
        "javascript:alert(1)",
        "/\\evil.example",
    ):
        response = browser_client.post("/capture/", {"text": "Gave a talk", "back": wanted})
        assert response["Location"] == "/"


TIE = "\u00a0"


def test_a_number_its_unit_and_a_range_are_tied():
    page = "<p>likely 3 to 25, 6 % chance, 12 h and 40 USD of 3 programs</p>"
    assert tied(page.encode()).decode() == (
        f"<p>likely 3{TIE}to{TIE}25, 6{TIE}%{TIE}chance, 12{TIE}h and 40{TIE}USD of 3 programs</p>"
    )


def test_tags_fields_and_code_are_left_alone():
    for page in (
        '<a title="6 % of 12 h" href="/?a=1 to 2">x</a>',
        "<textarea>12 h, 3 to 4</textarea><p>x</p>",
        "<pre>6 % chance</pre>",
        "<p>Talk 3 hours, part 2 of 4</p>",
    ):
        assert tied(page.encode()).decode() == page


def test_a_line_does_not_break_at_a_tag():
    assert tied(b"<b>6</b> <i>%</i>") == b"<b>6</b> <i>%</i>"


def test_pages_are_tied(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[sessions.cookie_name()] = sessions.begin()
    client.post("/capture/", {"text": "Wrote a post, 3h"})
    page = client.get("/").content.decode()
    assert f"3{TIE}h" in page


def test_a_page_is_as_long_as_it_says(logbook):
    client = Client(HTTP_HOST="127.0.0.1:8765")
    client.cookies[sessions.cookie_name()] = sessions.begin()
    client.post("/capture/", {"text": "Wrote a post, 3h"})
    page = client.get("/")
    assert int(page["Content-Length"]) == len(page.content)
