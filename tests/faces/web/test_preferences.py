"""Preferences."""


def test_preferences_are_kept(browser_client):
    browser_client.post("/settings/", {"zone": "Asia/Tokyo", "currency": "jpy", "lapse_days": "30"})

    html = browser_client.get("/settings/").content.decode()
    assert 'value="Asia/Tokyo"' in html
    assert 'value="JPY"' in html
    assert browser_client.post("/settings/", {"zone": "x", "lapse_days": "0"}).status_code == 400
