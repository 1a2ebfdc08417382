"""Today."""

from almanac.record.models import (
    Activity,
    EnergyTap,
    Guess,
)


def test_a_question_can_be_skipped_for_good(browser_client, plan_event):
    event = plan_event(days=-2)

    browser_client.post("/questions/skip/", {"key": f"outcome:{event.pk}"})

    assert "How many came to" not in browser_client.get("/").content.decode()


def test_an_empty_logbook_offers_the_example_and_one_click_back(browser_client):
    assert "Look around an example, or start your own?" in browser_client.get("/").content.decode()

    browser_client.post("/start/example/")
    assert Activity.objects.count() > 120
    assert "This is an example" in browser_client.get("/").content.decode()
    browser_client.post("/start/own/")

    assert (Activity.objects.count(), Guess.objects.count(), EnergyTap.objects.count()) == (0, 0, 0)
    assert "start your own?" in browser_client.get("/").content.decode()


def test_ones_own_logbook_is_never_cleared_at_once(browser_client, plan_event):
    plan_event()

    browser_client.post("/start/own/")
    browser_client.post("/start/example/")

    assert Activity.objects.count() == 1
