"""Answers to “how did you hear about us”, sorted into channels by plain words."""

from __future__ import annotations

import re
from enum import StrEnum


class Channel(StrEnum):
    """The channels of the contract, by the words that are stored and shown."""

    SEARCH = "search"
    SOCIAL = "social media"
    FORUM = "forum or chat community"
    FRIEND = "friend or colleague"
    EVENT = "event or conference"
    WORK = "work or school"
    READING = "blog or article or video"
    PODCAST = "podcast"
    NEWSLETTER = "newsletter"
    USER = "already a user"
    OTHER = "other"
    NONE = "no answer"


LONGEST = 500
_NONE = re.compile(
    r"^(?:\W*|n\W?a|none|nothing|no answer|no|not sure|don'?t know|do not know|dont know|idk|unknown|prefer not to (?:say|answer)|can'?t remember|"
    r"don'?t remember|do not remember|can't recall|forgot|i forgot|no idea|keine angabe|weiß nicht|test)\W*$"
)
_RULES = (
    (Channel.PODCAST, r"podcasts?|\bpods?\b|changelog|spotify|software engineering daily|syntax\.?fm"),
    (Channel.NEWSLETTER, r"news ?letters?|mailing[ -]lists?|e-?mails?(?: list| campaign| from you| blast| invite)?\b|mail(?:ing)?\b|substack|digest|weekly (?:email|mail)|javascript weekly|python weekly|tldr|mailchimp|bulletin"),
    (Channel.FORUM, r"slack|discord(?:\b|server)|discourse|forums?\b|reddit|\br/\w+|subreddit|hacker ?news|\bhn\b|y ?combinator|ycombinator|stack ?over ?flow|stackexchange|telegram|whats ?app|gitter|matrix|\birc\b|zulip|lobste\.?rs|quora|community (?:chat|channel|group|forum|slack|discord)|chat (?:group|community|room)|google groups?|facebook group|linkedin group|product ?hunt|indie ?hackers|\bgroup chat|signal group|wechat|line group|mattermost|dev community|online community|\bcommunity\b(?! (?:event|meetup|day|conference|talk))"),
    (Channel.EVENT, r"conferences?|\bconf\b|\w+conf\b|\w+con\b(?!tent)|meet-?ups?\b|hackathons?|workshops?|webinars?|events?\b|talks?\b|keynotes?|booths?|summit|expo\b|fosdem|devoxx|kubecon|pycon|re:invent|lightning|fair\b|career day|eventbrite|\bluma\b|lu\.ma|user groups?|devfest|\bgdg\b|\bcamps?\b|unconference|speaker|presentation|panel\b|brown ?bag|lunch (?:and|&|n) learn|sprint\b|symposium|trade ?show|convention|vortrag|messe\b|évènement|événement|evento|charla"),
    (Channel.SOCIAL, r"twitter|\btweets?\b|\bx\b(?!-)|x\.com|linked ?in|\bli post|mastodon|fosstodon|blue ?sky|bsky|insta(?:gram)?\b|\big\b|facebook|\bfb\b|\bmeta\b|tik ?tok|threads\b|social(?: media| network)?|snapchat|pinterest|weibo|xing\b|vk\b|fediverse|toot|réseaux sociaux|redes sociales|soziale medien"),
    (Channel.SEARCH, r"google(?!.{0,4}(?:group|calendar|cloud|i/?o|dev))|googl\w+|search(?:ed|ing)?(?: engine)?|bing\b|duck ?duck ?go|\bddg\b|seo\b|ecosia|baidu|yandex|yahoo|brave search|kagi|chat ?gpt|\bgpt\b|openai|claude|gemini|copilot|\bai\b(?! (?:event|meetup|conf))|\bllms?\b|perplexity|internet|online\b|on the web|web search|browsing|stumbled|surfing|suche|gesucht|recherche|búsqueda|busca\b|ads?\b|advert\w*|adwords|sponsored link"),
    (Channel.READING, r"you ?tube|\byt\b|videos?\b|twitch|live ?stream|stream\b|blogs?\b|blog ?posts?|articles?|posts?\b|docs?\b|documentation|tutorials?|dev\.to|devto|medium(?:\.com)?\b|hashnode|guides?\b|read(?:ing)?\b|books?\b|magazine|press\b|news\b|wiki(?:pedia)?|github|gitlab|readme|repo(?:sitory)?|npm\b|pypi|free ?code ?camp|website|web ?page|site\b|screencast|heise|infoq|techcrunch|artikel|zeitung|vídeo|artículo"),
    (Channel.FRIEND, r"friends?\b|colleagues?|co-?workers?|team ?mates?|word of mouth|\bwom\b|boss\b|manager\b|mentor|peers?\b|brother|sister|husband|wife|partner\b|spouse|roommate|neighbou?r|cousin|dad\b|mom\b|father|mother|family|someone|somebody|a person|acquaintance|referr\w*|referral|recommend\w*|told me|told by|\bbuddy|mate\b|invited by|invite from|person(?:al)?(?: contact| invite| recommendation)|network\b|ex-|former|freund\w*|kolleg\w*|bekannte\w*|empfehlung|ami(?:e)?s?\b|collègue|bouche|amig\w+|compañer\w+|recomend\w+|through \w+ \w+ (?:at|from)|cto\b|ceo\b|founder|employee|staff|dm\b"),
    (Channel.WORK, r"\bwork(?:ed|ing|place)?\b|\bjobs?\b|company|employer|office|client|customer|school|universit\w+|\buni\b|college|\bclass\b|classes\b|course(?:s|work|ra)?\b|teacher|professor|\bprof\b|lecture(?:r)?|boot ?camp|campus|student|training|internship|udemy|academy|teach|curriculum|intranet|arbeit|firma|schule|studium|hochschule|travail|entreprise|école|trabajo|empresa|escuela|universidad|trabalho"),
    (Channel.USER, r"already|\buser\b|use it|using|used (?:it|you|your)|customer|for years|years ago|long ?time|previous(?:ly)?|past (?:event|attendee|participant)|attended before|been (?:here|before|following)|regular|member|subscriber|follow(?:er|ing)?|returning|again|last year|fan\b|contributor|maintainer|install\w*|always|know you|known"),
)  # fmt: skip
_COMPILED = tuple((channel, re.compile(pattern)) for channel, pattern in _RULES)
_PARTS = re.compile(r"\s*;\s*|\s*\|\s*|\n+")
_FIRST = (
    (
        Channel.USER,
        re.compile(
            r"\b(?:already|existing|current|long[- ]?time) (?:a |an |your )?(?:user|customer|member|subscriber|contributor)|i(?:'m| am) (?:a|an) (?:user|customer|member|contributor)|(?:use|using|used) (?:it|your|you|the) "
        ),
    ),
    (
        Channel.FRIEND,
        re.compile(
            r"\b(?:friend|colleague|co-?worker|team ?mate|boss|manager|word of mouth|someone|somebody|recommended by|told me)\b.*\b(?:on|at|from|in|via|through|who)\b|^(?:my |a |from a |from my |through a |via a )?(?:friend|colleague|co-?worker|team ?mate|boss|manager|brother|sister|mentor)"
        ),
    ),
    (
        Channel.EVENT,
        re.compile(
            r"\b(?:talk|booth|workshop|keynote|speaker|presentation|met you|saw you|heard you) .*\b(?:at|in|during)\b"
        ),
    ),
)
"""What outranks the words after it: “a friend on Twitter” is a friend."""


def channel_of(answer: str) -> Channel:
    """The channel of one answer."""
    words = " ".join(answer.lower()[:LONGEST].split())
    if _NONE.fullmatch(words):
        return Channel.NONE
    for channel, pattern in _FIRST:
        if pattern.search(words):
            return channel
    return next((channel for channel, pattern in _COMPILED if pattern.search(words)), Channel.OTHER)


def answers_in(cell: str) -> list[str]:
    """The answers of a cell: forms join the choices somebody ticked with semicolons or commas."""
    parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
    if len(parts) == 1 and "," in parts[0]:
        pieces = [piece.strip() for piece in parts[0].split(",")]
        # Choices are short, and each names a channel of its own; a sentence with a comma is one answer.
        named = [channel_of(piece) for piece in pieces if piece]
        short = all(len(piece.split()) <= 4 for piece in pieces)
        if (
            short
            and len(set(named)) == len(named) > 1
            and not {Channel.OTHER, Channel.NONE} & set(named)
        ):
            return pieces
    return parts
