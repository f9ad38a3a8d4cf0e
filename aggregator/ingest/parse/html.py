"""Markup becomes safe markup and plain text; titles, names and addresses are cleaned. Pure.

Whatever leaves this file is valid XML 1.0, has no active content, and no link but http and https.
`html` is what nh3 (html5ever) writes, so that a plain regular expression can read its tags.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import nh3

from aggregator.ingest.parse.characters import remove_invalid

MAX_URL_LENGTH = 4096  # set by hand; what is longer is data, not an address
MAX_TITLE_LENGTH = 2000  # set by hand: the longest title of a report against a text given as title

_TAG_NAMES = (
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span "
    "strike strong sub sup table tbody td tfoot th thead time tr u ul var wbr"
)
_TAGS = frozenset(_TAG_NAMES.split())
_ACTIVE_NAMES = (
    "applet audio button canvas embed frameset iframe math noembed noframes noscript object "
    "option script select style svg template textarea title video xmp"
)
_DROPPED_WITH_CONTENT = frozenset(_ACTIVE_NAMES.split())
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href", "hreflang"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "time": {"datetime"},
}
_ADDRESSES = {"href", "src"}
_BLOCKS = "p|div|br|hr|h[1-6]|blockquote|pre|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|figure|figcaption"
# Blocks that mean nothing to readers of feeds: they become `div`, which parts words as they do.
_OTHER_BLOCKS = (
    "address article aside body center details dialog dir fieldset footer header hgroup legend listing main"
    " marquee menu nav optgroup option search section summary"
)
# Between these and their neighbours words may run on; any other tag, known or not, parts them.
_INLINE = (
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt rtc"
    " ruby s samp small span strike strong sub sup time tt u var wbr"
)
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^>\"]|\"[^\"]*\")*)>")
_BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})(?:\s(?:[^>\"]|\"[^\"]*\")*)?>")
_CELL_END = re.compile(r"</t[dh]>|<img(?:\s(?:[^>\"]|\"[^\"]*\")*)?>")
_PICTURE_TEXT = re.compile(r"<figcaption(?:\s(?:[^>\"]|\"[^\"]*\")*)?>.*?</figcaption>", re.DOTALL)
_OTHER_BLOCK = re.compile(rf"<(/?)(?:{'|'.join(_OTHER_BLOCKS.split())})(?=[\s/>])", re.IGNORECASE)
_PARTING = re.compile(
    rf"<(?<!\s<)(?=/?(?!(?:{'|'.join((*_TAG_NAMES.split(), *_INLINE.split()))})[\s/>])[a-z])"
    r"|<(?<![\s>]<)(?=/?t[dhr][\s/>])",  # cells without their table are dropped too
    re.IGNORECASE,
)
# Captions as WordPress and others write them (https://codex.wordpress.org/Function_Reference/img_caption_shortcode).
_CAPTION_PARAGRAPH = re.compile(
    r"<(p|dd)(\s[^<>]{0,300}?class\s*=\s*(?:[\"']|[\"'][^\"'<>]{0,200}\s)(?:[a-z]+[-_]){0,2}caption(?:[-_][a-z]+)?[\"'\s]"
    r"[^<>]{0,300})>(.{0,2000}?)</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_LINE_BREAK = "\x01"  # cannot be in valid text
_PARAGRAPH_END = re.compile(
    f"[ {_LINE_BREAK}\n]*\n[ {_LINE_BREAK}\n]*|{_LINE_BREAK}[ {_LINE_BREAK}]*{_LINE_BREAK}"
)
_OTHER_TAGS = frozenset(
    f"{_OTHER_BLOCKS} {_INLINE} base form frame head html input link meta noindex picture source".split()
)
# Set by hand: tables in tables against markup built to take the square of its depth.
_MAX_DEPTH = 400
_ANY_TAG = re.compile(r"<[^<>]*>")
_SINGLE = "br|hr|img|input|link|meta|wbr|base|col|area|embed|param|source|track|p|li|td|th|tr|dd|dt|option"
_NESTING_TAG = re.compile(rf"<(/?)(?!(?:{_SINGLE})[\s/>])[a-z][^\s<>/]*", re.IGNORECASE)
_LOOKS_LIKE_MARKUP = re.compile(
    rf"</?(?:{'|'.join(_TAGS | _DROPPED_WITH_CONTENT | _OTHER_TAGS)})(?=[\s/>])"
    r"|</[a-z][\w:.-]*\s*>|<!--|<!\[CDATA\[|<\?",
    re.IGNORECASE,
)
CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACE = re.compile(r"[ \t\n\f\v\u0085\u00a0\u1680\u2028\u2029\u2000-\u200a\u202f\u205f\u3000]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_SENTENCE_END = re.compile(r"[.!?…:;»”\")]$")
_BAD_IN_URL = re.compile("[\x00-\x20\x7f-\x9f]")
_BAD_IN_HOST = re.compile(r"[\s<>\"'`{}|\\^%@/?#]")
_URL_SAFE = "!#$%&'()*+,/:;=?@[]~-._"
_STRAY_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")


def clean_html(markup: str, *, base: str) -> str:
    """Safe markup: an allow-list of tags, links and images absolute http(s), links with `rel`."""
    markup = _with_words_parted(remove_invalid(markup))
    if _nests_deep(markup):
        markup = _ANY_TAG.sub(" ", markup)
    return remove_invalid(_cleaner(base).clean(markup)).strip()


def html_to_text(safe: str) -> str:
    """The words of what `clean_html` returned, without the captions of its pictures.

    Paragraphs are apart by a blank line.
    """
    broken = _BLOCK_TAG.sub(_break_for, _PICTURE_TEXT.sub("\n", _SPACE.sub(" ", safe)))
    broken = _TAG.sub("", _CELL_END.sub(" ", broken))
    parts = (part.replace(_LINE_BREAK, " ") for part in _PARAGRAPH_END.split(broken))
    paragraphs = (tidy(entities.unescape(part)) for part in parts)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def text_to_html(text: str) -> str:
    """Plain text, paragraphs apart by a blank line, as markup."""
    paragraphs = text.split("\n\n") if text else []
    return "".join(f"<p>{entities.escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)


def plain_text(text: str) -> str:
    """Text that is no markup: lines that were only wrapped are joined, paragraphs stay apart."""
    lines = [tidy(line) for line in remove_invalid(text).strip().split("\n")]
    wrapped = "" in lines or not all(_SENTENCE_END.search(line) for line in lines[:-1])
    if not wrapped:
        return "\n\n".join(lines)
    paragraphs = "\n".join(lines).split("\n\n")
    joined = (" ".join(paragraph.split("\n")).strip() for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in joined if paragraph)


def looks_like_markup(text: str) -> bool:
    """Whether `text` has tags of HTML or references to characters: not every `<` is a tag."""
    return bool(_LOOKS_LIKE_MARKUP.search(text) or ENTITY.search(text))


def clean_line(text: str, *, limit: int = MAX_TITLE_LENGTH) -> str:
    """A title or name as one line of plain text, however often its markup was escaped."""
    text = CDATA_MARK.sub("", text)
    for _ in range(3):
        if _LOOKS_LIKE_MARKUP.search(text):
            text = html_to_text(clean_html(text, base=""))
        elif ENTITY.search(text):
            text = entities.unescape(text)
        else:
            break
    # What still looks like a tag was escaped more often than anybody does in good faith.
    text = _LOOKS_LIKE_MARKUP.sub(" ", text)
    return tidy(remove_invalid(text))[:limit].strip()


def clean_url(address: str | None, *, base: str = "") -> str | None:
    """`address` as an absolute http or https address in ASCII, without user-info; None if it is none.

    Relative addresses are resolved against `base`. The fragment stays: some sites have items there.
    """
    if not address or len(address) > MAX_URL_LENGTH:
        return None
    stripped = re.sub("[\t\r\n]", "", address.strip())
    try:
        parts = urlsplit(urljoin(base, stripped) if base else stripped)
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    netloc = host if port is None else f"{host}:{port}"
    path = parts.path or "/"
    return urlunsplit(
        (parts.scheme, netloc, _quoted(path), _quoted(parts.query), _quoted(parts.fragment))
    )


def _with_words_parted(markup: str) -> str:
    """`markup` in which every tag that is not inline parts words, also those that cleaning drops."""
    if "caption" in markup:
        markup = _CAPTION_PARAGRAPH.sub(r"<figcaption\2>\3</figcaption>", markup)
    return _PARTING.sub(" <", _OTHER_BLOCK.sub(r"<\1div", markup))


def _nests_deep(markup: str) -> bool:
    """Whether elements nest so deep that reading them takes the square of their number."""
    depth = 0
    for found in _NESTING_TAG.finditer(markup):
        depth += -1 if found[1] else 1
        if depth > _MAX_DEPTH:
            return True
    return False


@lru_cache(maxsize=8)
def _cleaner(base: str) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute_filter(base),
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )


def _attribute_filter(base: str) -> Callable[[str, str, str], str | None]:
    def checked(_tag: str, name: str, value: str) -> str | None:
        if name in _ADDRESSES:
            return clean_url(value, base=base)
        return remove_invalid(value)

    return checked


def _break_for(found: re.Match[str]) -> str:
    return _LINE_BREAK if found[0].startswith(("<br", "</br")) else "\n"


def tidy(text: str) -> str:
    """`text` on one line, without what is invisible and what XML may not hold."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", remove_invalid(text))).strip()


def _ascii_host(host: str) -> str:
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        return f"[{host}]"
    return "" if _BAD_IN_HOST.search(host) else host


def _quoted(part: str) -> str:
    """Percent-encode what an address may not hold, and leave alone what is encoded already."""
    return quote(_STRAY_PERCENT.sub("%25", _BAD_IN_URL.sub(_encoded, part)), safe=_URL_SAFE)


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0])
