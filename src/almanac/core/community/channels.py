"""Answers to “how did you hear about us”, sorted into channels by plain words."""

from __future__ import annotations

import re
from difflib import get_close_matches
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
    r"^(?:\W*|n\W?a|none|nothing|no answer|no|not sure|unknown|idk|prefer not to (?:say|answer)|i? ?forg[eo]t(?: it| honestly)?|no idea|"
    r"(?:i )?(?:honestly )?(?:can'?t|cannot|can not|don'?t|do not|dunno|couldn'?t)\b.{0,8}\b(?:recall|rem\w+|know|say)\b.*|test|xx+|\.+|"
    r"keine angabe|keine ahnung|wei(?:ß|ss) (?:ich )?nicht(?: mehr)?|no (?:me acuerdo|lo sé|recuerdo)|não (?:lembro|sei)|je ne sais (?:pas|plus)|aucune idée|"
    r"не помню|не знаю|忘れました|覚えていない|忘了|不记得)\W*$"
)
_RULES = (
    (Channel.OTHER, r"billboard|bus stop|\bbus\b|subway|radio|\btv\b|television|\bfate\b|laptop on|someone'?s laptop|poster|flyer|\btrain\b|t-?shirt on"),
    (Channel.NONE, r"^(?:can'?t|don'?t|cannot) (?:recall|rem\w+)"),
    (Channel.FRIEND, r"\bfr[ie]{2}nds?\b|collea?gues?|co-?workers?|work ?mates?|team ?mates?|flat ?mates?|room ?mates?|class ?mates?|school ?mates?|word of mouth|\bwom\b|\bbudd(?:y|ies)\b|\bmates?\b|brother|sister|husband|wife|girlfriend|boyfriend|spouse|neighbou?r|cousin|\bdad\b|\bmom\b|\bmum\b|father|mother|\bpeers?\b|recommended by|told (?:me|us)|my (?:boss|manager|cto|lead|mentor|partner)(?! (?:assigned|made|requires))|freund\w*|kolleg\w*|bekannte\w*|\bami(?:e)?s?\b|collègue|bouche|\bamig\w+|compañer\w+|друг|друзь|коллег|знаком|朋友|同事|友達|友人|同僚|知人"),
    (Channel.WORK, r"boot ?camp|lecturer|professor|\bprof\b|teacher|instructor|thesis|assignment|assigned|homework|course ?work|curriculum|required (?:for|by)|(?:at|for|through|via|from) (?:my |our |the )?(?:company|job|work|employer|office|university|school|college|uni)\b|my (?:company|employer|job|school|university|uni)\b|when i was hired|onboarding|company slack|we use it at|syllabus|internship|new job|универ|школ|институт|на работе|大学|学校|会社|公司|職場"),
    (Channel.PODCAST, r"podcasts?|\bpods?\b|\bepisode\b|changelog|corecursive|talk python|go time|shop ?talk|software engineering (?:daily|radio)|syntax\.?fm|\bsyntax\b|spotify|lex fridman|practical ai|ポッドキャスト|подкаст|播客"),
    (Channel.NEWSLETTER, r"news ?letters?|mailing[ -]lists?|e-?mail(?:ed|s|ing)?\b|\bmail\b|verteiler|substack|digest|\bweekly\b|this week in|bytes\.dev|tldr|\btl;dr|javascript weekly|console\.dev|mailchimp|bulletin|morning brew|boletín|infolettre|рассылк|メルマガ|邮件"),
    (Channel.EVENT, r"google i/?o|wwdc|re:?invent|all things open|devops ?days|\b\w+days\b|conferences?|conférence|conferencia|conferência|konferenz|\bconf\b|\w+conf\b|\b(?:py|kube|dev|js|rust|ruby|gopher|def|drupal|word|elixir|next|react|vue|droid|web)\w*con\b|\b\w{3,}con\b(?!tent)|meet-?ups?\b|hackathons?|workshops?|webinars?|events?\b|evento|événement|veranstaltung|talks?\b|keynotes?|booths?|\bstand\b|summit|expo\b|fosdem|devoxx|slush|lightning|\bfair\b|career day|eventbrite|\bluma\b|lu\.ma|user groups?|devfest|\bgdg\b|\bcamp\b|unconference|speaker|presentation|\bpanel\b|brown ?bag|lunch (?:and|&|n) learn|symposium|trade ?show|convention|vortrag|messe\b|charla|congreso|met (?:one|you|your|someone|the team|him|her|them)|конференц|митап|хакатон|勉強会|カンファレンス|大会|会议|大會"),
    (Channel.FORUM, r"slack|discord|discourse|discuss\.|forums?\b|foro|reddit|\br/\w+|subreddit|hacker ?news|\bhn\b|y ?combinator|stack ?over ?flow|stackexchange|telegram|whats ?app|gitter|matrix|\birc\b|zulip|lobste\.?rs|\blemmy\b|quora|google groups?|facebook group|linkedin group|product ?hunt|indie ?hackers|group chat|signal group|wechat|line group|mattermost|communit(?:y|ies)|comunidad|communauté|\bчат|телеграм|форум|сообществ|コミュニティ|社区|论坛|微信群|ディスコード"),
    (Channel.SOCIAL, r"twit+ers?|\btweet\w*|\bx\b(?!-)|x\.com|linked ?in|mastodon|fosstodon|hachyderm|blue ?sky|bsky|insta(?:gram)?\b|\big\b|facebook|\bfb\b|tik ?tok|threads\b|social|snapchat|pinterest|weibo|xing\b|\bvk\b|fediverse|\btoot|boosted|my feed|réseaux|redes|soziale|ツイッター|推特|微博|вконтакте|соцсет|инстаграм|твиттер|领英"),
    (Channel.USER, r"already (?:have|use|using|a |an |know|had|on|follow|signed)|returning|existing|long ?time|for (?:years|ages|a while|months)|years ago|\bages\b|subscriber|current (?:user|customer)|been (?:on|using|a|here|following|with)|(?:use|using|used) (?:it|you|your|the)\b|i use\b|(?:am|i'm) (?:a|an) (?:user|customer|member|contributor|subscriber)|past attendee|attended before|last year|contributor|maintainer|nutzer|schon lange|bereits|déjà|ya (?:soy|uso|lo uso)|já (?:uso|sou)|уже|すでに|已经|\buser\b|customer|\bfan\b|follower"),
    (Channel.SEARCH, r"go+gl?e?\w*(?! ?(?:group|calendar|cloud))|search|bing\b|duck ?duck ?go|\bddg\b|\bseo\b|ecosia|baidu|yandex|yahoo|kagi|chat ?gpt|\bgpt\b|openai|claude|gemini|copilot|\bai\b|\bllms?\b|perplexity|internet|online\b|on the web|browsing|stumbled|surfing|looking for|came up|alternatives? to|suche|gesucht|recherche|búsqueda|buscando|\bbusca|\bads?\b|advert\w*|adwords|sponsored|гугл|поиск|яндекс|谷歌|百度|搜索|検索|グーグル|интернет"),
    (Channel.READING, r"you ?tube|\byt\b|vid(?:eo|éo|eos)\w*|twitch|live ?stream|\bstream\b|blogs?\b|articles?|artículo|artigo|artikel|\bposts?\b|\bpiece\b|docs?\b|documentation|tutorials?|dev\.to|devto|medium\b|hashnode|css-?tricks|smashing|logrocket|ars technica|the verge|wired|techcrunch|infoq|heise|habr|free ?code ?camp|guides?\b|read(?:ing)?\b|books?\b|magazine|\bpress\b|\bnews\b|wiki(?:pedia)?|github|gitlab|readme|\brepo|\bnpm\b|pypi|web ?site|web ?page|\bsite\b|screencast|zeitung|стать|видео|блог|ютуб|ブログ|記事|動画|博客|文章|视频"),
    (Channel.FRIEND, r"someone|somebody|a person|acquaintance|ref+er\w*|rec+om+end\w*|invited|invite|family|\bnetwork\b|founder|employee|staff|empfehlung|recomend\w+|through \w+ \w+|\bdm\b|推荐|紹介|рекоменд|посоветовал"),
    (Channel.WORK, r"\bwork\w*|\bjobs?\b|company|employer|office|client|school|universit\w+|\buni\b|college|\bclass(?:es)?\b|courses?\b|coursera|udemy|campus|student|training|academy|\bhr\b|arbeit|firma|schule|studium|hochschule|travail|entreprise|école|trabajo|empresa|escuela|universidad|trabalho|codebase|учеб"),
)  # fmt: skip
_SPELT = {
    "linkedin": Channel.SOCIAL, "twitter": Channel.SOCIAL, "facebook": Channel.SOCIAL, "instagram": Channel.SOCIAL,
    "mastodon": Channel.SOCIAL, "newsletter": Channel.NEWSLETTER, "podcast": Channel.PODCAST, "friend": Channel.FRIEND,
    "colleague": Channel.FRIEND, "coworker": Channel.FRIEND, "conference": Channel.EVENT, "meetup": Channel.EVENT,
    "hackathon": Channel.EVENT, "workshop": Channel.EVENT, "webinar": Channel.EVENT, "google": Channel.SEARCH,
    "youtube": Channel.READING, "article": Channel.READING, "tutorial": Channel.READING, "discord": Channel.FORUM,
    "reddit": Channel.FORUM, "telegram": Channel.FORUM, "university": Channel.WORK, "college": Channel.WORK,
}  # fmt: skip
NEAR = 0.84
"""How alike a misspelt word must be, by difflib's ratio."""
_WORD = re.compile(r"[a-z]{6,}")
_OF_OTHERS = re.compile(
    r"\b(?:[Ss]omeone|[Ss]omebody|[Aa]nyone) else\b|\b[Nn]ot (?:yours?|by you)\b|\bby (?!You)[A-Z]\w+|\b[Aa]nother (?:company|speaker|blogger|person)\b"
)
_COMPILED = tuple((channel, re.compile(pattern)) for channel, pattern in _RULES)
_PARTS = re.compile(r"\s*;\s*|\s*\|\s*|\n+")


def channel_of(answer: str) -> Channel:
    """The channel of one answer."""
    words = " ".join(answer.lower()[:LONGEST].split())
    if _NONE.fullmatch(words):
        return Channel.NONE
    found = next((channel for channel, pattern in _COMPILED if pattern.search(words)), None)
    return found or _misspelt(words) or Channel.OTHER


def _misspelt(words: str) -> Channel | None:
    """By a long word that is nearly one that channels are called."""
    for word in _WORD.findall(words):
        near = get_close_matches(word, _SPELT, 1, NEAR)
        if near:
            return _SPELT[near[0]]
    return None


def is_of_others(answer: str) -> bool:
    """Whether an answer says that it was somebody else's work: “a post by Fireship”, “someone else’s talk”."""
    return _OF_OTHERS.search(answer[:LONGEST]) is not None


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
