"""Owner-written Markdown and HTML made safe to show: no script, no style, nothing fetched from elsewhere."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
_KEPT = {
    "a": {"href", "title"}, "abbr": {"title"}, "b": set(), "blockquote": set(), "br": set(), "cite": set(), "code": set(), "dd": set(), "del": set(),
    "div": set(), "dl": set(), "dt": set(), "em": set(), "h2": set(), "h3": set(), "h4": set(), "hr": set(), "i": set(), "ins": set(), "li": set(),
    "ol": {"start"}, "p": set(), "pre": set(), "q": set(), "s": set(), "small": set(), "span": {"lang"}, "strong": set(), "sub": set(), "sup": set(),
    "table": set(), "caption": set(), "tbody": set(), "td": {"colspan", "rowspan"}, "tfoot": set(), "th": {"scope", "colspan", "rowspan"}, "thead": set(),
    "tr": set(), "u": set(), "ul": set(),
}  # fmt: skip
_VOID = frozenset({"br", "hr"})
_SILENCED = frozenset({"script", "style", "iframe", "object", "template", "noscript", "svg", "math", "title", "textarea", "select"})


def markdown(text: str) -> str:
    """Safe HTML of a Markdown text. Its highest heading becomes a second level one, since the page has the first."""
    tokens = _MARKDOWN.parse(text)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) - min(levels) + 2, 6)}"
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def safe_html(text: str) -> str:
    """The HTML with only harmless elements and attributes, all closed."""
    sieve = _Sieve()
    sieve.feed(text)
    sieve.close()
    return "".join(sieve.written) + "".join(f"</{tag}>" for tag in reversed(sieve.open))


class _Sieve(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.open: list[str] = []
        self.silence = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENCED:
            self.silence += 1
        if self.silence or tag not in _KEPT:
            return
        kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs if name in _KEPT[tag] and _harmless(name, value or ""))
        self.written.append(f"<{tag}{kept}>")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENCED:
            self.silence = max(0, self.silence - 1)
        if self.silence or tag not in self.open:
            return
        while self.open:
            closed = self.open.pop()
            self.written.append(f"</{closed}>")
            if closed == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.silence:
            self.written.append(escape(data))


def _harmless(name: str, value: str) -> bool:
    if name != "href":
        return True
    address = "".join(value.split()).lower()
    return address.startswith(("https://", "http://", "mailto:", "tel:", "#")) or (address.startswith("/") and not address.startswith("//"))


def own_picture(source: str) -> str:
    """The address of a picture the page may load (this site, or data), or nothing."""
    address = source.strip()
    if address.startswith("/") and not address.startswith(("//", "/\\")):
        return address
    return address if address.startswith(("data:image/png;", "data:image/jpeg;", "data:image/gif;", "data:image/webp;")) else ""
