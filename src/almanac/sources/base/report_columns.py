"""Columns of reports of meetings, by the names services give them, in their languages."""

from __future__ import annotations

import re
from functools import cache

from almanac.sources.base.cells import column_key
from almanac.sources.base.guests import EMAIL, FIRST, LAST

NAME = (
    "name", "full name", "name (original name)", "user name (original name)", "user name", "participant", "participant name",
    "name (ursprünglicher name)", "vollständiger name", "nom complet", "nom (nom original)", "nom d’utilisateur", "nom de l'utilisateur (nom original)", "nombre (nombre original)",
    "nom", "nombre", "nome", "nombre completo", "nome (nome original)", "nome completo", "名前（元の名前）", "名前 (元の名前)", "名前（本名）", "名前", "имя",
)  # fmt: skip
MAIL = (
    *EMAIL, "participant id (upn)", "participant id", "upn", "benutzer-e-mail-adresse", "e-mail de l’utilisateur", "e-mail de l'utilisateur",
    "correo electrónico del usuario", "e-mail do usuário", "ユーザーのメール", "ユーザーのeメール", "ユーザーのメールアドレス",
)  # fmt: skip
JOIN = (
    "join time", "first join", "first join time", "time joined", "joined at", "timestamp", "zeitstempel", "horodatage", "horodateur", "marca de tiempo", "carimbo de data/hora", "joined", "session start (utc)", "utc event timestamp", "beitrittszeit", "beitrittszeitpunkt", "erster beitritt", "heure d’arrivée", "heure d'arrivée",
    "heure de connexion", "première connexion", "hora de entrada", "hora de unión", "hora de inicio de sesión", "horário de entrada", "参加時刻", "参加時間", "入室時刻",
)  # fmt: skip
LEAVE = (
    "leave time", "last leave", "last leave time", "time exited", "left at", "left", "verlassenszeit", "austrittszeit", "letztes verlassen", "heure de départ", "dernière déconnexion",
    "hora de salida", "horário de saída", "退出時刻", "退出時間", "退室時刻",
)  # fmt: skip
SPENT = (
    "duration (minutes)", "total duration (minutes)", "duration", "in-meeting duration", "time in session (minutes)", "dauer (minuten)", "gesamtdauer (minuten)", "dauer",
    "durée (minutes)", "durée", "duración (minutos)", "duración", "duração (minutos)", "duração", "時間（分）", "合計時間（分）", "期間（分）", "user action", "benutzeraktion", "action de l'utilisateur", "action de l’utilisateur", "acción del usuario", "ação do usuário",
)  # fmt: skip
REGISTERED = (
    "registration time",
    "registered at",
    "registrierungszeit",
    "heure d'inscription",
    "hora de registro",
    "hora de inscripción",
    "hora de inscrição",
)
APPROVAL = (
    "approval status",
    "status",
    "genehmigungsstatus",
    "statut d'approbation",
    "estado de aprobación",
    "registration status",
)
ATTENDED = (
    "attended",
    "teilgenommen",
    "participé",
    "a participé",
    "asistió",
    "participou",
    "attended?",
)
TITLE = (
    "topic", "meeting title", "title", "webinar name", "webinar title", "event name", "event title", "meeting name", "thema", "sujet", "titre de la réunion", "tema", "besprechungstitel", "título de la reunión", "título da reunião", "トピック",
)  # fmt: skip
NUMBER = (
    "meeting id",
    "webinar id",
    "id",
    "meeting-id",
    "webinar-id",
    "id de réunion",
    "id de la réunion",
    "id de reunión",
    "id da reunião",
    "ミーティングid",
    "ミーティング id",
)
START = (
    "start time", "actual start time", "scheduled time", "meeting start time", "start", "scheduled start time", "startzeit", "tatsächliche startzeit", "heure de début", "hora de inicio", "hora de início", "開始時刻", "開始時間",
)  # fmt: skip
END = (
    "end time",
    "meeting end time",
    "actual end time",
    "end",
    "endzeit",
    "heure de fin",
    "hora de finalización",
    "hora de término",
    "終了時刻",
    "終了時間",
)
DATE = ("date", "meeting date", "datum", "fecha", "data")
PEOPLE = (
    "attended participants",
    "total number of participants",
    "participants",
    "unique viewers",
    "teilnehmer",
    "参加者",
    "参加者数",
)
HOSTS = (
    "host details",
    "panelist details",
    "gastgeber",
    "diskussionsteilnehmer",
    "détails de l'hôte",
    "informations sur l'hôte",
    "detalles del anfitrión",
    "detalles del panelista",
)
_KNOWN = frozenset({
    *NAME, *MAIL, *JOIN, *LEAVE, *SPENT, *REGISTERED, *APPROVAL, *ATTENDED, *TITLE, *NUMBER, *START, *END, *DATE,
    *PEOPLE, *HOSTS, *FIRST, *LAST,
})  # fmt: skip
MOST_LETTERS = 60
_STEMS = (
    ("leave time", r"leav|\bleft\b|exit|verlass|austritt|déconnexion|départ|sortie|salid|saíd|abandon|uscita|退出|退室"),
    ("join time", r"\bjoin|beitritt|eintritt|connexion|arriv|unión|\buni|entrada|entrée|ingreso|ingresso|entrata|参加時|入室"),
    ("user action", r"(?:acti|akti|acci|aç)\w*.*(?:user|participa|utilis|usu)|(?:benutzer|teilnehmer)aktion"),
    ("timestamp", r"timestamp|zeitstempel|horodat|marca (?:de tiempo|temporal|de hora)|carimbo"),
    ("registration time", r"(?:zeit|heure|date|hora|time|fecha|data).*(?:inscri|regist|anmeld)|(?:registrierungs|anmelde)(?:zeit|datum)"),
    ("duration", r"durat|dur[ée]e|duraci|duraç|durata|dauer|時間（分）|時間 ?\(分\)"),
    ("name", r"^(?:name|nom|nombre|nome|имя|名前)\s*[(（]|^(?:nombre y apellidos|nom et prénom|vor- und nachname|benutzername|anzeigename)"),
    ("email", r"e-?mail|correo|courriel|メール"),
    ("participants", r"^(?:n\w* (?:de |der )?)?(?:participa|teilnehm|asistent)\w*(?: présents| attended| total\w*)?$|^gesamt(?:zahl|anzahl).*teilnehm"),
    ("end time", r"^(?:tats\w* |actual )?(?:heure de fin|hora de (?:fin|término|finaliz)|end(?:e|zeit|uhrzeit)|ora di fine)"),
    ("start time", r"^(?:tats\w* |actual )?(?:heure de début|hora de (?:inicio|início|comienzo)|start(?:zeit|uhrzeit)|beginn|ora di inizio)"),
    ("meeting title", r"(?:titre|título|titolo) d\w+\W.*(?:réunion|reuni|webinaire|seminario)|besprechungs(?:titel|name)|titel der besprechung"),
    ("topic", r"^(?:sujet|objet|asunto|tema|thema|assunto|tópico|argomento|トピック)\b"),
    ("meeting id", r"^(?:id|n\w*) .*(?:réunion|reuni|webinar|seminar|meeting)|(?:meeting|besprechungs|webinar)-(?:id|nummer)|ミーティング ?id"),
)  # fmt: skip
"""Columns of reports in other languages by the stems of their words; the first that is found."""
_LANGUAGES = tuple((english, re.compile(stems)) for english, stems in _STEMS)


def keys_of(row: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of a header; a word of another language becomes the English column it stands for."""
    return tuple(_in_english(column_key(cell)) for cell in row)


@cache
def _in_english(key: str) -> str:
    if key in _KNOWN or len(key) > MOST_LETTERS:
        return key
    return next((english for english, stems in _LANGUAGES if stems.search(key)), key)
