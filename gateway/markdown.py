"""Turns Markdown (CommonMark) into HTML that a site can show as it is. As a program, it renders texts from its input.

Raw HTML is shown as text, images become links to them, and links lead only to web pages and mail addresses. Some short
texts take seconds, so the gateway runs this in worker processes (`rendering.py`).
"""

import html
import os
import resource
import struct
import sys
from typing import BinaryIO

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml

LONGEST_HTML = 400_000
MOST_MEMORY = 1 << 30
TAGS = {"p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"} | {
    f"h{level}" for level in range(1, 7)
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
HEAD = struct.Struct(">I")
"""The header of each text and each answer: its length in bytes."""


def to_html(text: str) -> str:
    """A text in Markdown as safe HTML; the result of `plain_html` if that would be longer than `LONGEST_HTML`."""
    made = nh3.clean(
        _MARKDOWN.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
    )
    return made if len(made) <= LONGEST_HTML else plain_html(text)


def plain_html(text: str) -> str:
    """A text as it was written, in paragraphs. Its time depends only on the length of the text."""
    return "\n".join(f"<p>{html.escape(each)}</p>" for each in text.split("\n\n") if each.strip())


def _image_as_link(renderer: object, tokens: list[object], index: int, *_: object) -> str:
    token = tokens[index]
    address, text = escapeHtml(str(token.attrs["src"])), escapeHtml(token.content)  # type: ignore[attr-defined]
    return f'<a href="{address}">{text or address}</a>'


def _leads_to_a_page(address: str) -> bool:
    """Whether a link may have this address. A relative one would lead into the site that shows the text."""
    return address.lower().startswith(("http://", "https://", "mailto:"))


_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_MARKDOWN.validateLink = _leads_to_a_page  # type: ignore[method-assign,assignment]
_MARKDOWN.add_render_rule("image", _image_as_link)


def serve(texts: BinaryIO, answers: BinaryIO) -> None:
    """Answer each text with its HTML until the input ends. A first, empty answer says that it is ready."""
    answers.write(HEAD.pack(0))
    answers.flush()
    while len(head := texts.read(HEAD.size)) == HEAD.size:
        made = to_html(texts.read(HEAD.unpack(head)[0]).decode()).encode()
        answers.write(HEAD.pack(len(made)) + made)
        answers.flush()


if __name__ == "__main__":
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    serve(sys.stdin.buffer, sys.stdout.buffer)
