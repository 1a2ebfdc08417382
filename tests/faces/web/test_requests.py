"""Requests."""

import pytest


@pytest.mark.parametrize(
    "address",
    [
        "/log/?page=" + "9" * 5000,
        "/year/?year=²²²²",
        "/plan/?month=9999-99",
        "/activities/1/?reach=²",
    ],
)
def test_odd_addresses_break_nothing(browser_client, address):
    assert browser_client.get(address).status_code in {200, 404}


@pytest.mark.parametrize("headers", [{"host": "["}, {"origin": "http://["}])
def test_odd_headers_are_refused(browser_client, headers):
    assert browser_client.post("/capture/", {"text": "x"}, headers=headers).status_code in {
        400,
        403,
    }
