"""A letter as plain text, for mail and for those who read with a machine."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token


def plain_text(tokens: Sequence[Token]) -> str:
    """The words of a parsed letter: one block per paragraph, list items with a dash or their number, links followed by their address."""
    blocks: list[str] = []
    marks: list[str] = []
    numbers: list[int] = []
    tight = False
    for token in tokens:
        if token.type == "bullet_list_open":
            numbers.append(0)
        elif token.type == "ordered_list_open":
            numbers.append(int(str(token.attrGet("start") or 1)))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            numbers.pop()
            tight = False
        elif token.type == "list_item_open":
            marks.append(f"{'  ' * (len(numbers) - 1)}{f'{numbers[-1]}.' if numbers[-1] else '-'} ")
            numbers[-1] += 1 if numbers[-1] else 0
        elif token.type == "hr":
            blocks.append("---")
        elif token.type in ("inline", "code_block", "fence"):
            text = _inline(token) if token.type == "inline" else token.content.rstrip("\n")
            mark = marks.pop() if marks else ""
            line = mark + text.replace("\n", "\n" + " " * len(mark))
            if mark and tight and blocks:
                blocks[-1] += "\n" + line
            else:
                blocks.append(line)
            tight = bool(mark)
    return "\n\n".join(blocks) + "\n"


def _inline(token: Token) -> str:
    text = ""
    addresses: list[str] = []
    for child in token.children or []:
        if child.type == "text" or child.type == "code_inline":
            text += child.content
        elif child.type == "softbreak":
            text += " "
        elif child.type == "hardbreak":
            text += "\n"
        elif child.type == "link_open":
            addresses.append(str(child.attrGet("href") or ""))
        elif child.type == "link_close":
            address = addresses.pop()
            text += "" if text.endswith(address.removeprefix("mailto:")) else f" ({address})"
        elif child.type == "text_special":
            text += child.content
    return text
