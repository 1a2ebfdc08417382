"""Microsoft Teams attendance reports in their three layouts."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from almanac.core.vocabulary import Format
from almanac.sources.base.documents import Document
from almanac.sources.recognise import harvest

BERLIN = ZoneInfo("Europe/Berlin")
OF_2023 = """1. Summary
Meeting title\tOffice hours
Attended participants\t3
Start time\t3/22/26, 7:00:11 PM
End time\t3/22/26, 8:31:02 PM

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Ana Ruiz\t3/22/26, 7:02:11 PM\t3/22/26, 8:30:02 PM\t1h 27m\tana@example.org\tana@example.org\tPresenter
Bo (External)\t3/22/26, 7:05:00 PM\t3/22/26, 8:30:00 PM\t1h 25m\t\t\tAttendee
Cy (Unverified)\t3/22/26, 7:00:11 PM\t3/22/26, 8:31:02 PM\t43m\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Ana Ruiz\t3/22/26, 7:02:11 PM\t3/22/26, 8:30:02 PM\t1h 27m\tana@example.org\tPresenter
"""
OF_2021 = """Meeting Summary
Total Number of Participants\t2
Meeting Title\tOffice hours
Meeting Start Time\t3/22/2026, 7:00:11 PM
Meeting End Time\t3/22/2026, 8:31:02 PM

Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)
Ana Ruiz\t3/22/2026, 7:02:11 PM\t3/22/2026, 7:30:02 PM\t27m\tana@example.org\tOrganizer\t
Ana Ruiz\t3/22/2026, 7:40:11 PM\t3/22/2026, 8:30:02 PM\t50m\tANA@example.org\tOrganizer\t
Bo\t3/22/2026, 7:05:00 PM\t3/22/2026, 8:30:00 PM\t1h 25m\tbo@example.net\tPresenter\t
"""
OF_2020 = """Full Name\tUser Action\tTimestamp
Ana Ruiz\tJoined\t3/22/2026, 7:00:22 PM
Bo\tJoined before\t3/22/2026, 7:00:31 PM
Bo\tLeft\t3/22/2026, 7:45:32 PM
Bo\tJoined\t3/22/2026, 7:51:56 PM
"""


def read(data):
    return harvest(Document("report.csv", data), BERLIN, datetime(2026, 4, 1, tzinfo=UTC), None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize(
    ("text", "title", "people"),
    [(OF_2023, "Office hours", 3), (OF_2021, "Office hours", 2), (OF_2020, "", 2)],
    ids=["2023", "2021", "2020"],
)
def test_each_layout_is_one_event_with_each_person_once(text, title, people, encoding):
    found = read(text.encode(encoding))

    assert found.source.key == "teams"
    assert found.source.format is Format.ONLINE
    assert len(found.guest_list.guests) == people
    assert found.guest_list.title == title
    assert found.guest_list.starts_at.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M") == (
        "2026-03-22 19:00"
    )
    assert found.rejected == ()


def test_marks_of_strangers_are_no_part_of_a_name():
    assert [guest.name for guest in read(OF_2023.encode()).guest_list.guests] == [
        "Ana Ruiz", "Bo", "Cy",
    ]  # fmt: skip


def test_a_head_that_counts_otherwise_is_said():
    found = read(OF_2021.replace("Participants\t2", "Participants\t7").encode())

    assert "the report's head says 7 participants, its list has 2 people" in found.remarks


def test_a_broken_time_never_costs_the_person():
    broken = OF_2020 + "\tLeft\t3/22/2026, 7:45:32 PM\nDi\tLeft\tyesterday evening\n"

    found = read(broken.encode())

    assert [guest.name for guest in found.guest_list.guests][-1] == "Di"
    assert any("yesterday evening" in remark for remark in found.remarks)
