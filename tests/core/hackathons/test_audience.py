"""What answers at sign-up are."""

import pytest

from almanac.core.hackathons.audience import FORM, QUESTIONS, TERMS, answer_of, reasons_of

SAID = {
    "why": {
        "product": ["To use our API", "try the SDK", "I want to build with your platform"],
        "build": ["To build an idea I have", "ship something", "for fun"],
        "learn": ["To learn something new", "improve my skills", "curious"],
        "people": ["To meet people", "find teammates", "looking for a job"],
        "prizes": ["For the prizes", "to win", "the swag"],
        "other": ["my cat", "why not"],
        "": ["", "-", "n/a", "prefer not to say"],
    },
    "experience": {
        "new": ["I study, or began this year", "Student", "6 months", "0-1 years", "less than a year", "never"],
        "some": ["1 to 3 years", "2", "three years", "a year", "1-3"],
        "more": ["4 to 10 years", "5", "8 yrs", "4–10", "ten years"],
        "long": ["More than 10 years", "10+", "15 years", "over ten years", "decades"],
        "other": ["long enough to know better"],
        "": ["", "none"],
    },
    "team": {
        "alone": ["Alone", "solo", "just me"],
        "team": ["In a team", "with 2 friends", "we are three", "4"],
        "looking": ["Looking for a team", "would like to join a team", "no team yet"],
        "": [""],
    },
    "would_use": {
        "yes": ["Yes", "definitely", "I already do", "would love to", "y"],
        "maybe": ["Maybe", "not sure", "it depends", "don’t know"],
        "no": ["No", "n", "I wouldn't", "unlikely"],
        "other": ["purple"],
        "": ["", "—"],
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "term", "text"),
    [(f, term, text) for f, by in SAID.items() for term, texts in by.items() for text in texts],
)
def test_an_answer_is_what_it_says(field, term, text):
    assert answer_of(field, text) == TERMS[field](term)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.field)
def test_every_answer_that_is_offered_is_understood_and_apart(question):
    found = [
        answer_of(question.field, offer.format(product="our API")) for offer in question.offers
    ]
    assert len(set(found)) == len(question.offers)
    assert not {"other", ""} & set(map(str, found))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.field)
def test_the_column_of_a_question_is_known_by_its_own_words_alone(question):
    asked = question.text.format(product="our API").lower()
    assert question.column.search(asked)
    first = next(
        q for q in sorted(QUESTIONS, key=lambda q: q.field != "would_use") if q.column.search(asked)
    )
    assert first is question


@pytest.mark.parametrize(
    ("field", "text", "term"),
    [
        ("experience", "5 years, 2 months", "more"), ("experience", "18 months", "some"),
        ("experience", "self-taught for 8 years after studying", "more"), ("experience", "30 years, first in COBOL", "long"),
        ("experience", "2.5 years", "some"), ("experience", "10+ years", "long"), ("experience", "less than 1 year", "new"),
        ("experience", "1 year", "new"), ("experience", "6 months", "new"), ("experience", "10 years", "more"),
        ("team", "I don't have a team", "looking"), ("team", "Not alone", "team"),
        ("why", "Not for the prizes, to learn", "learn"), ("why", "I have no idea", ""),
        ("would_use", "No doubt!", "yes"), ("would_use", "No problem, yes", "yes"), ("would_use", "No", "no"),
    ],
)  # fmt: skip
def test_sentences_are_read_as_they_are_meant(field, text, term):
    assert answer_of(field, text) == TERMS[field](term)


@pytest.mark.parametrize(
    "column",
    [
        "reason for dietary needs",
        "parking: how long will you stay?",
        "would you use public transport?",
    ],
)
def test_other_questions_of_a_form_are_none_of_the_three(column):
    assert not any(question.column.search(column) for question in QUESTIONS)


ELSEWHERE = {
    "why": {
        "Warum bist du hier?": {
            "Um die API zu nutzen": "product", "Um eine Idee zu bauen": "build", "Um etwas zu lernen": "learn",
            "Um Leute kennenzulernen": "people", "Wegen der Preise": "prizes",
        },
        "Pourquoi êtes-vous ici ?": {
            "Pour utiliser votre produit": "product", "Pour construire une idée": "build",
            "Pour apprendre": "learn", "Pour rencontrer des gens": "people", "Pour les prix": "prizes",
        },
        "¿Por qué estás aquí?": {
            "Para usar el producto": "product", "Para construir una idea": "build", "Para aprender": "learn",
            "Para conocer gente": "people", "Por los premios": "prizes",
        },
    },
    "experience": {
        "Wie lange entwickelst du Software?": {
            "Ich studiere": "new", "1 bis 3 Jahre": "some", "4 bis 10 Jahre": "more", "Mehr als 10 Jahre": "long",
        },
        "Depuis combien de temps développez-vous ?": {
            "J’étudie": "new", "1 à 3 ans": "some", "4 à 10 ans": "more", "Plus de 10 ans": "long",
        },
        "¿Cuánto tiempo llevas programando?": {
            "Soy estudiante": "new", "De 1 a 3 años": "some", "De 4 a 10 años": "more", "Más de 10 años": "long",
        },
    },
    "team": {
        "Kommst du allein oder im Team?": {"Allein": "alone", "Im Team": "team", "Ich suche ein Team": "looking"},
        "Venez-vous seul ou en équipe ?": {"Seul": "alone", "En équipe": "team", "Je cherche une équipe": "looking"},
        "¿Vienes solo o en equipo?": {"Solo": "alone", "En equipo": "team", "Busco un equipo": "looking"},
    },
    "would_use": {
        "Würdest du unsere API nutzen?": {"Ja": "yes", "Vielleicht": "maybe", "Nein": "no", "Bin nicht sicher": "maybe"},
        "Utiliseriez-vous notre API ?": {"Oui": "yes", "Peut-être": "maybe", "Non": "no", "Pas sûr": "maybe"},
        "¿Usarías nuestra API?": {"Sí": "yes", "Quizás": "maybe", "No": "no", "No estoy seguro": "maybe"},
    },
}  # fmt: skip


@pytest.mark.parametrize(("field", "asked"), [(f, q) for f, by in ELSEWHERE.items() for q in by])
def test_questions_and_answers_in_other_languages(field, asked):
    first = next(
        q
        for q in sorted(QUESTIONS, key=lambda q: q.field != "would_use")
        if q.column.search(asked.lower())
    )
    assert first.field == field
    for text, term in ELSEWHERE[field][asked].items():
        assert answer_of(field, text) == TERMS[field](term), text


@pytest.mark.parametrize("offer", FORM[2][1])
def test_the_third_question_is_read_for_both_its_halves(offer):
    text = offer.format(product="our API")
    assert answer_of("team", text) == ("alone" if text.startswith("Alone") else "team")
    wanted = "no" if "not" in text else "maybe" if "might" in text else "yes"
    assert answer_of("would_use", text) == wanted


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("To learn", ["learn"]),
        ("For the prizes, To meet people", ["prizes", "people"]),
        ("To learn something new; For the prizes; To learn", ["learn", "prizes"]),
        ("I want to learn, and my cat said so", ["learn"]),
        ("", [""]),
    ],
)
def test_every_reason_that_is_ticked_counts(text, reasons):
    assert [str(reason) for reason in reasons_of(text)] == reasons
