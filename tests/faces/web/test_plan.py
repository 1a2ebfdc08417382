"""Plan."""


def test_days_at_the_end_of_the_calendar(browser_client, logbook):
    assert browser_client.get("/absence-check/?from=9999-12-31").status_code == 200
