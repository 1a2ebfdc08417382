"""The three questions at sign-up, and what people's answers to them are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from almanac.core.vocabulary import Term

LONGEST = 500


class Why(Term):
    """Why somebody is here."""

    PRODUCT = "product", "to use the product"
    BUILD = "build", "to build an idea"
    LEARN = "learn", "to learn"
    PEOPLE = "people", "to meet people"
    PRIZES = "prizes", "for the prizes"
    OTHER = "other", "something else"
    NONE = "", "no answer"


class Experience(Term):
    """How long somebody has been building software."""

    NEW = "new", "a year or less, or studying"
    SOME = "some", "1 to 3 years"
    MORE = "more", "4 to 10 years"
    LONG = "long", "more than 10 years"
    OTHER = "other", "something else"
    NONE = "", "no answer"


class Company(Term):
    """Alone or in a team."""

    ALONE = "alone", "alone"
    TEAM = "team", "in a team"
    LOOKING = "looking", "looking for a team"
    OTHER = "other", "something else"
    NONE = "", "no answer"


class WouldUse(Term):
    """Whether somebody would use the product."""

    YES = "yes", "would use it"
    MAYBE = "maybe", "might use it"
    NO = "no", "would not use it"
    OTHER = "other", "something else"
    NONE = "", "no answer"


def _asks(*languages: str) -> re.Pattern[str]:
    """English, German, French, Spanish: as ballots and guest lists are read."""
    return re.compile("|".join(languages))


@dataclass(frozen=True, slots=True)
class SignupQuestion:
    """One question: as it is pasted into a form, with `{product}` in it; the answers it offers; how its
    column is recognised."""

    field: str
    text: str
    offers: tuple[str, ...]
    column: re.Pattern[str]


QUESTIONS = (
    SignupQuestion(
        "why", "Why are you here?",
        ("To use {product}", "To build an idea I have", "To learn something new", "To meet people",
         "For the prizes"),
        _asks(
            r"why (?:are|do|did|would) you|what brings you|^(?:your |main )?reasons?\b(?! for (?:diet|allerg|cancel))|reasons? (?:for|to) (?:join|attend|com|tak|sign|regist|particip|apply)|motivation|(?:hope|want) to (?:get|gain)",
            r"warum|weshalb|wieso|was (?:führt|bringt)|\bgrund\b", r"pourquoi|qu'est-ce qui vous amène|\braison",
            r"por qu[ée]|motivo|raz[óo]n",
        ),
    ),
    SignupQuestion(
        "experience", "How long have you been building software?",
        ("I study, or began this year", "1 to 3 years", "4 to 10 years", "More than 10 years"),
        _asks(
            r"how long (?:have|did|has) |how many years|years of|experience|seniority|skill level",
            r"wie lange|erfahrung|seit wann", r"depuis (?:combien|quand)|exp[ée]rience|combien d'ann[ée]es",
            r"cu[áa]nto tiempo|experiencia|cu[áa]ntos a[ñn]os",
        ),
    ),
    SignupQuestion(
        "team", "Do you come alone or in a team?",
        ("Alone", "In a team", "Looking for a team"),
        _asks(
            r"alone|in a team|solo|team or|have a team|looking for a team",
            r"allein|im team|einzeln", r"\bseule?\b|en [ée]quipe", r"\bsol[oa]\b|en equipo",
        ),
    ),
    SignupQuestion(
        "would_use", "Would you use {product} for your project?",
        ("Yes", "Maybe", "No"),
        _asks(
            r"would you (?:use|build with|try)(?! (?:public|the (?:bus|train|parking|shuttle|hotel|recording)|parking|transport|a (?:shuttle|bus)))|(?:plan|planning|want|intend) to use|interested in using",
            r"würde(?:st|t|n)\b.*(?:nutzen|verwenden|einsetzen)|(?:nutzen|verwenden|einsetzen) (?:willst|wollt|wollen)",
            r"utiliser(?:ais|iez|ez)|(?:comptez|pensez)-vous utiliser", r"(?:usar|utilizar)[íi]as?|(?:piensas?|quieres?) (?:usar|utilizar)",
        ),
    ),
)  # fmt: skip
FORM = (
    (QUESTIONS[0].text, QUESTIONS[0].offers),
    (QUESTIONS[1].text, QUESTIONS[1].offers),
    (
        "Do you come alone or in a team, and would you use {product}?",
        tuple(
            f"{who}, {use}"
            for who in ("Alone", "In a team")
            for use in (
                "and would use {product}",
                "and might use {product}",
                "and would not use it",
            )
        ),
    ),
)
"""The three questions as they are pasted into a form: the third asks two things at once."""

_YEARS = re.compile(
    r"(?P<more>more than|over|plus de|mehr als|über|m[áa]s de|>)?\s*(?P<less>less than|under|moins d[e']|weniger als|menos de|<)?\s*"
    r"(?P<n>\d+(?:[.,]\d+)?)\s*(?P<plus>\+)?\s*(?P<unit>years?|yrs?|y\b|jahre?n?|ans?\b|a[ñn]os?|months?|monate?n?|mois\b|mes(?:es)?\b)"
)
_DENIED = re.compile(r"\b(?:not|never) (?:here )?(?:for|about|because of)\b[^,;.]*")
_NONE = re.compile(
    r"^(?:\W*|n/?a|none|no answer|(?:i have )?no idea|not sure why|-+|prefer not to (?:say|answer))$"
)
_RULES: dict[str, tuple[tuple[Term, str], ...]] = {
    "why": (
        (Why.PRODUCT, r"\bto use\b|\buse (?:the|your|it)\b|\btry(?:ing)? (?:out )?(?:the|your|it|out)\b|\bproduct\b|\bapi\b|\bsdk\b|\bplatform\b|\bbuild(?:ing)? (?:with|on) (?:the|your)\b"
            r"|\b(?:be)?nutzen\b|ausprobieren|verwenden|\bprodukt\b|\butiliser\b|\bessayer\b|\bproduit\b|\b(?:usar|utilizar|probar)\b|\bproducto\b"),
        (Why.PRIZES, r"prize|\bwin\b|winning|money|swag|award|compet"
            r"|\bpreise?\b|gewinn|\bgeld\b|\bprix\b|gagner|\bargent\b|premio|ganar|dinero"),
        (Why.PEOPLE, r"meet|people|network|friends?|community|teammates?|\bjob\b|recruit|hired|social"
            r"|\bleute\b|kennenlern|treffen|netzwerk|freunde|rencontrer|\bgens\b|r[ée]seau|\bamis\b|conocer|\bgente\b|amigos"),
        (Why.LEARN, r"learn|skills?|practi[cs]e|improve|experience|curious|course|class\b|tutorial"
            r"|lernen|verbessern|apprendre|progresser|aprender|mejorar"),
        (Why.BUILD, r"build|idea|project|make|ship|prototype|startup|fun|create"
            r"|bauen|\bidee|projekt|umsetzen|id[ée]e|projet|construire|cr[ée]er|proyecto|construir|crear"),
    ),
    "experience": (
        (Experience.NEW, r"stud(?:y|ent|ying)|began|beginner|newcomer|first|just started|less than (?:a|1|one) year|< ?1|under (?:a|1|one) year|months?\b|half a year|\b0(?: ?[-–] ?1)?\b ?y?|bootcamp|never"
            r"|studier|angefangen|anfänger|weniger als (?:1|ein)|\bmonate?\b|[ée]tudi|d[ée]butant|commenc|moins d'un|\bmois\b|estudi|principiante|empec|empez|menos de (?:1|un)|\bmes(?:es)?\b"),
        (Experience.LONG, r"more than (?:10|ten)|over (?:10|ten)|10 ?\+|> ?10|\b1[1-9]\b|\b[2-5]\d\b|decades?"
            r"|(?:mehr als|über|plus de|m[áa]s de) (?:10|zehn|dix|diez)"),
        (Experience.MORE, r"\b(?:4|5|6|7|8|9|10)\b|senior|four|five|six|seven|eight|nine|\bten\b"
            r"|vier|fünf|sechs|sieben|\bacht|neun|zehn|quatre|cinq|\bsept\b|huit|neuf|\bdix\b|cuatro|cinco|siete|ocho|nueve|diez"),
        (Experience.SOME, r"\b[123]\b|one|two|three|junior|\ba year\b"
            r"|\bein(?:em|en)? jahr|zwei|drei|\bun an\b|deux|trois|\bun a[ñn]o\b|\bdos\b|\btres\b"),
    ),
    "team": (
        (Company.TEAM, r"\bnot (?:alone|solo)\b"),
        (Company.LOOKING, r"(?:don'?t|do not) have a team|look(?:ing)?(?: for)?|find|join (?:a|some|any)|need (?:a|some)|no team yet|open to"
            r"|\bsuche|noch kein team|cherche|trouver|busc|encontrar"),
        (Company.ALONE, r"alone|solo|individual|by myself|on my own|just me|\bme\b|\bno\b"
            r"|allein|einzeln|nur ich|\bseule?\b|\bsola\b|\bnein\b|\bnon\b"),
        (Company.TEAM, r"team|group|pair|with (?:a |my |\w+ )?(?:friend|colleague|partner|others)|\bwe\b|together|\byes\b|\b[2-9]\b"
            r"|gruppe|\bmit\b|\bzu (?:zweit|dritt|viert)|gemeinsam|\bwir\b|[ée]quipe|groupe|\bavec\b|ensemble|equipo|grupo|\bcon\b|juntos|\bja\b|\boui\b|\bs[íi]\b"),
    ),
    "would_use": (
        (WouldUse.YES, r"\bno (?:doubt|problem|question|brainer)\b|why not"),
        (WouldUse.MAYBE, r"maybe|perhaps|not sure|possibly|depends|might|if it|undecided|don'?t know"
            r"|vielleicht|eventuell|weiß (?:es )?(?:noch )?nicht|weiss (?:es )?(?:noch )?nicht|unsicher|nicht sicher|pas s[ûu]re?\b|no estoy segur|kommt drauf an|kommt darauf an|peut-[êe]tre|sais pas|d[ée]pend|quiz[áa]s?|tal vez|no s[ée]\b"),
        (WouldUse.NO, r"\bno\b|\bnot\b|won'?t|wouldn'?t|never|unlikely|\bn\b"
            r"|\bnein\b|\bnicht\b|\bkein|\bnon\b|\bpas\b|jamais|nunca"),
        (WouldUse.YES, r"yes|sure|definitely|absolutely|would|will|already|love to|of course|\by\b|true|likely"
            r"|\bja\b|\bklar\b|sicher|auf jeden|\bgerne?\b|würde|\boui\b|bien s[ûu]r|certainement|\bs[íi]\b|claro|por supuesto|usar[ée]"),
    ),
}  # fmt: skip
TERMS: dict[str, type[Term]] = {
    "why": Why, "experience": Experience, "team": Company, "would_use": WouldUse,
}  # fmt: skip
_SPAN = re.compile(r"(\d+)\s*(?:-|–|to|bis|à|a)\s*(\d+)")


PARTS = re.compile(r"\s*[;|\n]\s*")


def _years(words: str) -> Experience | None:
    """By the first number of years, else of months; None where a span or words say it."""
    said = [found for found in _YEARS.finditer(words) if not _SPAN.search(words)]
    if not said:
        return None
    years = [
        found
        for found in said
        if not found["unit"].startswith("mo") and found["unit"] not in {"mes", "meses"}
    ]
    first = (years or said)[0]
    number = float(first["n"].replace(",", ".")) / (1 if years else 12)
    if first["less"]:
        number -= 0.01
    elif first["more"] or first["plus"]:
        number += 0.01
    for most, term in ((1, Experience.NEW), (3.99, Experience.SOME), (10, Experience.MORE)):
        if number <= most:
            return term
    return Experience.LONG


def reasons_of(text: str) -> list[Term]:
    """Every reason of an answer in which several were ticked, each once, in their order."""
    parts = [part for part in PARTS.split(text) if part.strip()]
    if len(parts) == 1:
        pieces = [piece for piece in text.split(",") if piece.strip()]
        terms = [answer_of("why", piece) for piece in pieces]
        # Choices are short, and each is another reason; a sentence with a comma is one answer.
        if (
            len(set(terms)) == len(terms) > 1
            and all(len(piece.split()) <= 5 for piece in pieces)
            and (Why.OTHER not in terms)
        ):
            parts = pieces
    found = dict.fromkeys(answer_of("why", part) for part in parts)
    return [term for term in found if term] or [Why.NONE]


def answer_of(field: str, text: str) -> Term:
    """What an answer to one question is, by plain words; `other` where none of them fits."""
    words = " ".join(text.lower()[:LONGEST].replace("’", "'").split())
    terms = TERMS[field]
    if _NONE.fullmatch(words) and not (field == "would_use" and words == "no"):
        return terms("")
    if field == "experience" and (years := _years(words)) is not None:
        return years
    if field == "why":
        words = " ".join(_DENIED.sub(" ", words).split())
    if field == "experience" and (span := _SPAN.search(words)):
        # “4-10 years” begins at four, whatever else it holds.
        words = span[1] if int(span[1]) else "0"
    found = next((term for term, pattern in _RULES[field] if re.search(pattern, words)), None)
    return found if found is not None else terms("other")
