"""Preferences."""

from django.conf import settings

from almanac.record.queries import preferences, private


def test_preferences_are_kept(browser_client):
    browser_client.post("/settings/", {"zone": "Asia/Tokyo", "currency": "jpy", "lapse_days": "30"})

    html = browser_client.get("/settings/").content.decode()
    assert 'value="Asia/Tokyo"' in html
    assert 'value="JPY"' in html
    assert browser_client.post("/settings/", {"zone": "x", "lapse_days": "0"}).status_code == 400


def test_every_setting_of_the_page_is_kept_and_shown(browser_client):
    given = {
        "zone": "Europe/Berlin", "theme": "dark", "date_order": "day", "week_start": "6", "currency": "eur",
        "hours_a_day": "7.5", "lapse_days": "21", "nudges": "on",
    }  # fmt: skip
    assert browser_client.post("/settings/", given).status_code == 302
    held = preferences.everything()
    assert (held["theme"], held["date_order"], held["week_start"], held["hours_a_day"]) == (
        "dark",
        "day",
        6,
        7.5,
    )
    assert private.value("checks_in") is False
    assert private.value("nudges") is True
    page = browser_client.get("/settings/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page.replace('"en"  data', '"en" data')
    assert str(settings.ALMANAC_HOME) in page
    month = browser_client.get("/plan/").content.decode()
    assert month.index(">Sun<") < month.index(">Mon<")


def test_settings_out_of_range_are_refused(browser_client):
    for bad in (
        {"theme": "pink"},
        {"week_start": "3"},
        {"hours_a_day": "30"},
        {"date_order": "year"},
    ):
        given = {"zone": "Europe/Berlin", "lapse_days": "21", **bad}
        assert browser_client.post("/settings/", given).status_code == 400
