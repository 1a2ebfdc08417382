"""Samples in the formats of services, written for these tests; the people are invented."""

from datetime import UTC, datetime, timedelta

EVENTS = """program,event_id,title,starts_at,announced_at,status,format,seats,price,interested,signups,attended,attended_evidence,submissions
Meetups,1,First meetup,2026-01-14T18:00:00+01:00,2026-01-02T09:00:00+01:00,past,in_person,40,,80,31,22,counted,
Meetups,2,Second meetup,2026-02-11T18:00:00+01:00,,past,online,,,,44,,,
,3,Cancelled one,2026-02-20T18:00:00+01:00,,cancelled,hybrid,,5,,12,,not_measured,
Meetups,4,Next meetup,2026-04-08T18:00:00+02:00,,planned,in_person,40,,,9,,,
"""
PACE = """program,event_id,starts_at,observed_at,signups
Meetups,4,2026-04-08T18:00:00+02:00,2026-03-01T12:00:00+00:00,2
Meetups,4,2026-04-08T18:00:00+02:00,2026-03-10T12:00:00+00:00,9
Meetups,99,2026-04-08T18:00:00+02:00,2026-03-10T12:00:00+00:00,9
"""
LUMA_HEADER = (
    "{first},name,first_name,last_name,email,phone_number,created_at,approval_status,checked_in_at,"
    "custom_source,qr_code_url,amount,amount_tax,amount_discount,currency,coupon_code,eth_address,"
    "solana_address,survey_response_rating,survey_response_feedback,ticket_type_id,ticket_name,"
    "What is your GitHub?\n"
)
LUMA_ROW = (
    "gst-{n},{name},{name},,{name}@example.org,,2026-02-0{n}T10:00:00.000Z,{status},{came},,"
    "https://lu.ma/check-in/evt-Ab12Cd?pk=g-{n},$0.00,$0.00,$0.00,,,,,,,ttype-1,Standard,\n"
)


def luma(first="api_id", came=()):
    statuses = [
        ("alice", "approved"),
        ("bob", "approved"),
        ("carol", "approved"),
        ("dan", "pending_approval"),
        ("eve", "invited"),
        ("frank", "declined"),
        ("grace", "waitlist"),
        ("heidi", "invited"),
    ]
    rows = [
        LUMA_ROW.format(
            n=n, name=name, status=status, came="2026-02-20T18:05:00Z" if name in came else ""
        )
        for n, (name, status) in enumerate(statuses, start=1)
    ]
    return LUMA_HEADER.format(first=first) + "".join(rows)


EVENTBRITE = """Order #,Order Date,First Name,Last Name,Email,Quantity,Price Tier,Ticket Type,Attendee #,Group,Order Type,Currency,Total Paid,Fees Paid,Eventbrite Fees,Eventbrite Payment Processing,Attendee Status,Home Address 1
101,"Feb 1, 2026 10:15 AM",Alice,A,alice@example.org,1,,General,1,,Free Order,EUR,0.00,0,0,0,Checked In,
101,"Feb 1, 2026 10:15 AM",Bob,B,alice@example.org,1,,General,2,,Free Order,EUR,0.00,0,0,0,Attending,
102,"Feb 3, 2026 4:45 PM",Carol,C,carol@example.org,1,,General,3,,Free Order,EUR,0.00,0,0,0,Not Attending,
103,"Feb 4, 2026 4:45 PM",Dan,D,dan@example.org,1,,General,4,,Free Order,EUR,0.00,0,0,0,Attending,
"""
BEVY_HEADER = "Order number,Ticket number,First Name,Last Name,Email,Twitter,Company,Title,Featured,Ticket title,Ticket venue,Access code,Discount,Price,Currency,Number of tickets,Paid by (name),Paid by (email),Paid date (UTC),Checkin Date (UTC),Ticket Price Paid\n"


def bevy(people=30, came=1):
    rows = [
        f"O{n},T{n},Person {n},X,p***@example.org,,,,no,RSVP,in_person,,,0,EUR,1,,,"
        f"2026-02-01 10:00:00+00:00,{'2026-02-20 18:00:00+00:00' if n < came else ''},0\n"
        for n in range(people)
    ]
    return BEVY_HEADER + "".join(rows)


ZOOM_PLAIN = """Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest
Nick (Alice Original),alice@example.org,02/20/2026 06:00:10 PM,02/20/2026 06:30:00 PM,30,Yes
Nick (Alice Original),alice@example.org,02/20/2026 06:40:00 PM,02/20/2026 07:00:00 PM,20,Yes
Bob,,02/20/2026 06:01:00 PM,02/20/2026 07:00:00 PM,59,Yes
Carol,carol@example.org,02/20/2026 06:02:00 PM,02/20/2026 07:00:00 PM,58,No
"""
ZOOM_BLOCK = (
    "\ufeffMeeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants,\r\n"
    "123 456 789,Docs hour,02/20/2026 06:00:00 PM,02/20/2026 07:00:00 PM,me@example.org,60,3,\r\n"
    "\r\n" + ZOOM_PLAIN.replace("\n", "\r\n")
)
ZOOM_JAPANESE = """名前（元の名前）,ユーザーのメール,参加時刻,退出時刻,時間（分）,ゲスト
花子,hanako@example.org,2026/02/20 18:00:10,2026/02/20 19:00:00,60,はい
太郎,,2026/02/20 18:05:00,2026/02/20 19:00:00,55,はい
"""
MEETUP_REST = """[
 {"id": "303", "name": "Python evening", "time": 1771610400000, "utc_offset": 3600000, "duration": 7200000,
  "created": 1769000000000, "status": "past", "yes_rsvp_count": 44, "waitlist_count": 3, "rsvp_limit": 50,
  "manual_attendance_count": 30, "venue": {"name": "The library"}, "group": {"name": "Pythonistas"},
  "link": "https://www.meetup.com/pythonistas/events/303/"},
 {"id": "304", "name": "Called off", "time": 1772820000000, "utc_offset": 3600000, "status": "cancelled",
  "yes_rsvp_count": 12, "group": {"name": "Pythonistas"}}
]"""
MEETUP_GRAPH = """{"data": {"groupByUrlname": {"pastEvents": {"edges": [
 {"node": {"id": "900", "title": "Online hour", "dateTime": "2026-02-05T19:00:00+01:00", "eventType": "ONLINE",
  "status": "PAST", "going": {"totalCount": 71}, "group": {"name": "Pythonistas"}}}]}}}}"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
UID:weekly@example.org
SUMMARY:Docs hour
DTSTART;TZID=Europe/Berlin:20260305T180000
DTEND;TZID=Europe/Berlin:20260305T190000
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;TZID=Europe/Berlin:20260319T180000
END:VEVENT
BEGIN:VEVENT
UID:weekly@example.org
RECURRENCE-ID;TZID=Europe/Berlin:20260326T180000
SUMMARY:Docs hour, moved
DTSTART;TZID=Europe/Berlin:20260327T200000
DTEND;TZID=Europe/Berlin:20260327T210000
END:VEVENT
BEGIN:VEVENT
UID:dentist@example.org
SUMMARY:Dentist
DTSTART;VALUE=DATE:20260310
END:VEVENT
END:VCALENDAR
"""
PLAIN = """Event,When,Team,Came,Cost
Spring party,3/14/2026 18:00,Fun,33,"€1,200.50"
Broken date,sometime,Fun,12,
"""


# An events table of sixty weeks

COLUMNS = "program,event_id,title,starts_at,announced_at,status,format,signups,attended,submissions"
FIRST = datetime(2020, 1, 6, 18, tzinfo=UTC)


def event_lines(number=60, *, lead=10, changed=None, **more):
    lines = []
    for n in range(number):
        starts = FIRST + timedelta(days=9 * n)
        announced = starts - timedelta(days=lead)
        signups = 20 + (7 * n) % 23
        values = {
            "program": f"Group {n % 4}",
            "event_id": f"e{n}",
            "title": f"Evening {n}",
            "starts_at": starts.isoformat(),
            "announced_at": announced.isoformat(),
            "status": "past",
            "format": "in_person",
            "signups": signups,
            "attended": signups * 2 // 3,
            "submissions": signups // 5,
        } | more
        values |= (changed or {}).get(n, {})
        lines.append(",".join(str(values[name]) for name in COLUMNS.split(",")))
    return lines


def picture(kind="PNG", size=(8, 6), **more):
    """A real picture, in colours that tell its corners apart."""
    from io import BytesIO

    from PIL import Image

    made = Image.new("RGB", size, (200, 30, 30))
    made.putpixel((0, 0), (10, 20, 200))
    out = BytesIO()
    made.save(out, format=kind, **more)
    return out.getvalue()
