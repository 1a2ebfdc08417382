"""People one knows: written down, talked to, followed up; and which identities are one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from almanac.actions.errors import CannotError
from almanac.answers.community.people import KnownPerson, find_person, identity_key
from almanac.answers.log.change_lines import ChangeLine
from almanac.record import rules
from almanac.record.changelog import verb
from almanac.record.infra import clock
from almanac.record.models import Activity, Encounter, Person, SamePerson
from almanac.record.queries import preferences
from almanac.sources.capture.talks import names_in

if TYPE_CHECKING:
    from datetime import date

    from almanac.record.changelog import Line
    from almanac.record.rules import Actor
    from almanac.sources.capture.talks import Talk

FIELDS = (
    "name", "handles", "met_at", "met_on", "notes", "asked_for", "follow_up", "follow_up_on", "is_team",
)  # fmt: skip
LIMITS = {"name": 200, "handles": 500, "met_at": 200, "asked_for": 500, "follow_up": 300}


def note_person(actor: Actor, name: str, **fields: Any) -> Person:
    """Write somebody down."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "note_person") as line:
        person = new_person(line, name, **fields)
        line.summary = ChangeLine.PERSON()
    return person


def new_person(line: Line, name: str, **fields: Any) -> Person:
    """The same as part of another verb."""
    values = _checked(name=name, **fields)
    now = clock.now()
    person = Person.objects.create(**values, created_at=now, updated_at=now)
    line.create(person)
    return person


def change_person(actor: Actor, person: Person, **fields: Any) -> Person:
    """Change what is written down of somebody."""
    rules.require(rules.may_change_record, actor)
    values = _checked(**({"name": person.name} | fields))
    changed = [name for name, value in values.items() if getattr(person, name) != value]
    if not changed:
        return person
    with verb(actor, "change_person") as line:
        line.keep(person, *changed, "updated_at")
        for name in changed:
            setattr(person, name, values[name])
        person.updated_at = clock.now()
        person.save()
        line.summary = ChangeLine.PERSON_CHANGED()
    return person


def _checked(**fields: Any) -> dict[str, Any]:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise CannotError(f"A person has no {', '.join(sorted(unknown))}.")
    values = {
        name: " ".join(value.split()) if isinstance(value, str) and name != "notes" else value
        for name, value in fields.items()
    }
    if not values.get("name"):
        raise CannotError("What are they called? A name is needed, or what you call them.")
    for name, most in LIMITS.items():
        if len(values.get(name) or "") > most:
            raise CannotError(
                f"{name.replace('_', ' ').capitalize()} can be {most} characters long."
            )
    return values


def card_of(actor: Actor, person: KnownPerson) -> Person:
    """What is written down of somebody known from lists; begun where nothing is yet."""
    rules.require(rules.may_change_record, actor)
    if person.card is not None:
        return Person.objects.get(pk=person.card.pk)
    return note_person(actor, person.name, handles=" ".join(person.handles)[:500])


def follow_up_later(actor: Actor, person: Person, day: date | None, what: str = "") -> Person:
    """Talk to them again on a day; None: nothing more to do."""
    rules.require(rules.may_change_record, actor)
    if day is not None and day < preferences.today():
        raise CannotError("Choose a day that is still to come.")
    return change_person(actor, person, follow_up_on=day, follow_up=what)


def talk_to(actor: Actor, person: Person, activity: Activity) -> None:
    """They were talked to at an activity."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "talk_to") as line:
        meet(line, person, activity)
        line.summary = ChangeLine.TALKED(title=activity.title)


def meet(line: Line, person: Person, activity: Activity) -> None:
    """The same as part of another verb."""
    made, is_new = Encounter.objects.get_or_create(person=person, activity=activity)
    if is_new:
        line.create(made)


def talked_from(line: Line, activity: Activity, talk: Talk) -> None:
    """Within another verb: those who were talked to. Whoever is to be talked to again is written down; of
    the others, those who are already, under that name or as the only one of that first name."""
    for name in names_in(talk.who):
        person = _called(name)
        if talk.again is None:
            if person is not None:
                meet(line, person, activity)
            continue
        about = activity.title[:300]
        if person is None:
            person = new_person(
                line, name, met_at=(talk.where or activity.place)[:200], met_on=activity.day,
                follow_up_on=talk.again, follow_up=about,
            )  # fmt: skip
        else:
            line.keep(person, "follow_up_on", "follow_up", "updated_at")
            person.follow_up_on, person.follow_up = talk.again, about
            person.updated_at = clock.now()
            person.save()
        meet(line, person, activity)


def _called(name: str) -> Person | None:
    exact = Person.objects.filter(name__iexact=name).first()
    if exact is not None or " " in name:
        return exact
    first = Person.objects.filter(name__istartswith=f"{name} ")[:2]
    return first[0] if len(first) == 1 else None


def forget_person(actor: Actor, person: Person) -> None:
    """Delete what is written down of somebody, with where they were talked to. Guest lists stay."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "forget_person") as line:
        line.undoable = False
        line.summary = ChangeLine.PERSON_DELETED()
        person.delete()


def say_same(actor: Actor, first: str, second: str, evidence: str = "") -> None:
    """Two identities are one person; everything of both is then theirs."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "say_same") as line:
        _answer(line, first, second, evidence, same=True)
        line.summary = ChangeLine.SAME_PERSON()


def say_apart(actor: Actor, first: str, second: str, evidence: str = "") -> None:
    """Two identities are two people. It holds until the evidence changes."""
    rules.require(rules.may_change_record, actor)
    with verb(actor, "say_apart") as line:
        _answer(line, first, second, evidence, same=False)
        line.summary = ChangeLine.TWO_PEOPLE()


def merge(actor: Actor, token: str, other: str) -> KnownPerson:
    """Make one person of two."""
    rules.require(rules.may_change_record, actor)
    one, two = _found(actor, token), _found(actor, other)
    if one.token == two.token:
        raise CannotError("They are one person already.")
    first, second = one.identities[0], two.identities[0]
    say_same(actor, identity_key(first), identity_key(second))
    return _found(actor, token)


def split(actor: Actor, token: str, key: str) -> KnownPerson:
    """Take one identity out of a person, as somebody else's."""
    rules.require(rules.may_change_record, actor)
    person = _found(actor, token)
    keys = [identity_key(each) for each in person.identities]
    if key not in keys or len(keys) < 2:
        raise CannotError("Choose one of several names or addresses of theirs.")
    with verb(actor, "split") as line:
        for other in keys:
            if other != key:
                _answer(line, key, other, "", same=False)
        line.summary = ChangeLine.TWO_PEOPLE()
    return _found(actor, token)


def _found(actor: Actor, token: str) -> KnownPerson:
    found = find_person(actor, token)
    if found is None:
        raise CannotError("Nobody is known at this address any more.")
    return found


def _answer(line: Line, first: str, second: str, evidence: str, *, same: bool) -> None:
    one, two = sorted((first, second))
    if not one:
        raise CannotError("One of them is not there any more.")
    if one == two:
        raise CannotError("That is one name with one address; choose two.")
    known = SamePerson.objects.filter(first=one, second=two).first()
    if known is not None:
        line.keep(known, "same", "evidence", "at")
        known.same, known.evidence, known.at = same, evidence[:200], clock.now()
        known.save()
        return
    made = SamePerson.objects.create(
        first=one, second=two, same=same, evidence=evidence[:200], at=clock.now()
    )
    line.create(made)
