"""The few pieces pages are built of; the only place that writes markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from marketplace.base.errors import Fault, Invalid, MarketplaceError
from marketplace.base.words import Lang, has_key, say
from marketplace.faces.ui.speaking import language

_ICONS = {
    "good": '<svg viewBox="0 0 16 16" class="z-i" aria-hidden="true"><path d="M3 8.5l3.2 3L13 4.5" fill="none" stroke="currentColor" stroke-width="2"/></svg>',
    "warn": '<svg viewBox="0 0 16 16" class="z-i" aria-hidden="true"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6"/><path d="M8 4.5V8l2.4 1.6" fill="none" stroke="currentColor" stroke-width="1.6"/></svg>',
    "bad": '<svg viewBox="0 0 16 16" class="z-i" aria-hidden="true"><path d="M8 2l6.5 11.5h-13z" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M8 6.4v3.4M8 11.4v.9" stroke="currentColor" stroke-width="1.5"/></svg>',
    "calm": '<svg viewBox="0 0 16 16" class="z-i" aria-hidden="true"><circle cx="8" cy="8" r="3" fill="currentColor"/></svg>',
    "gray": '<svg viewBox="0 0 16 16" class="z-i" aria-hidden="true"><path d="M3.5 8h9" stroke="currentColor" stroke-width="2"/></svg>',
}


_SHORT = 4  # characters, such as 已关闭
_MOST, _LONG = 4, 9  # columns a phone shows side by side, while none of them is long
_TAG = re.compile(r"<[^>]*>")
_DAY = re.compile(r"\d{4}-\d\d[\d: –-]*")
# A day, with its time where it has one, and the numbers of papers: a browser breaks after a hyphen.
_WHOLE = re.compile(
    r"(?:\b[A-Z]{1,3}-?)?\b\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\b[A-Z]{1,3}-?\d{4}-\d{3,6}\b"
)


def style(sheet: Path) -> None:
    """Give the page a style sheet of its own, read from the disk once."""
    st.html(_style(sheet))


@cache
def _style(sheet: Path) -> str:
    return f"<style>{sheet.read_text('utf-8')}</style>"


def markup(html: str) -> None:
    """Show trusted markup; every value in it has been escaped by this module."""
    st.markdown(in_one_line(f'<div class="z">{html}</div>'), unsafe_allow_html=True)


def in_one_line(html: str) -> str:
    """Return markup that Markdown leaves alone: one block, since no line in it is empty.

    After an empty line Streamlit reads Markdown again, so that whoever writes one could go on with
    a link. The name of an icon is rewritten even inside of a block.
    """
    lines = html.replace("\r\n", "\n").replace("\r", "\n")
    whole = _TAG.sub(lambda tag: tag[0].replace("\n", " "), lines)
    return whole.replace("\n", "&#10;").replace(":material/", "&#58;material/")


def told(text: str) -> str:
    """Return a text as markup: its lines as they are, no date and no number of a paper broken."""
    lines = escape(text).replace("\r\n", "\n").replace("\n", "<br>")
    return _WHOLE.sub(r'<span class="z-nb">\g<0></span>', lines)


def strong(text: str, rest: str = "") -> None:
    """Show a line in bold, with what stands behind it or under it."""
    markup(f"<p><b>{told(text)}</b>{told(rest)}</p>")


def numbered(items: Sequence[str]) -> None:
    """Show sentences that are counted."""
    markup(f"<ol class='z-n'>{''.join(f'<li>{told(item)}</li>' for item in items)}</ol>")


def name_tab(name: str) -> None:
    """Let the browser's tab begin with what is open in it, so that tabs can be told apart."""
    st.set_page_config(page_title=say("app.tab", language(), name=" ".join(name.split())))


def head(title: str, question: str, *, tab: str = "") -> None:
    """Show a page's title and the one line that says whose page it is.

    `tab` names the browser's tab where the title is no name.
    """
    name_tab(tab or title)
    markup(
        f'<h1 class="z-h1" style="padding:0;margin:0 0 .2rem;font-size:1.73rem">{escape(title)}</h1>'
        f'<p class="muted">{told(question)}</p>'
    )


def small(text: str) -> None:
    """Show a line under something, in which no date is broken."""
    markup(f'<p class="muted" style="font-size:.87rem">{told(text)}</p>')


def section(title: str, sub: str = "") -> None:
    """Show a section's title."""
    rest = f'<p class="muted" style="font-size:.87rem">{told(sub)}</p>' if sub else ""
    markup(
        f'<h2 style="font-size:1.13rem;font-weight:650;padding:0;margin:0">{told(title)}</h2>{rest}'
    )


def badge(word: str, tone: str = "gray") -> str:
    """Return a badge: icon, word, color."""
    return f'<span class="z-b {tone}">{_ICONS[tone]}{escape(word)}</span>'


def kpi(name: str, figure: str, unit: str, sub: str) -> None:
    """Show one figure of a card row."""
    markup(
        f'<div class="z-kpi"><p class="muted">{escape(name)}</p><p><b>{escape(figure)}</b> '
        f"<span>{escape(unit)}</span></p><span>{escape(sub)}</span></div>"
    )


def steps(items: Sequence[tuple[str, str, str, str]]) -> None:
    """Show a stage bar of (name, state done|now|wait|next, under-line, spoken state)."""
    parts = [
        f'<li class="{state}"><span class="ring">{"✓" if state == "done" else n}</span>'
        f"<b>{escape(name)}</b><span class='sub'>{told(sub)}</span>"
        f'<span style="position:absolute;left:-9999px">{escape(spoken)}</span></li>'
        for n, (name, state, sub, spoken) in enumerate(items, start=1)
    ]
    markup(f'<ol class="z-steps">{"".join(parts)}</ol>')


def timeline(items: Sequence[tuple[str, str, str]]) -> None:
    """Show (when, what, more), newest first."""
    parts = [
        f'<li><span class="when z-nb">{escape(when)}</span><br><b>{told(what)}</b>'
        f'<br><span class="muted">{told(more)}</span></li>'
        for when, what, more in items
    ]
    markup(f'<ol class="z-tl">{"".join(parts)}</ol>')


def facts(pairs: Sequence[tuple[str, str]]) -> None:
    """Show named facts."""
    parts = [f"<dt>{escape(k)}</dt><dd>{told(v)}</dd>" for k, v in pairs]
    markup(f'<dl class="z-dl">{"".join(parts)}</dl>')


def rows(items: Sequence[tuple[str, str, str]]) -> None:
    """Show (title, under-line, badge markup) rows."""
    markup(rows_markup(items))


def rows_markup(items: Sequence[tuple[str, str, str]]) -> str:
    """Return the markup of (title, under-line, badge markup) rows."""
    parts = [
        f'<li><span><b>{told(t)}</b><br><span class="muted">{told(s)}</span></span>'
        f"<span>{b}</span></li>"
        for t, s, b in items
    ]
    return f'<ul class="z-rows">{"".join(parts)}</ul>'


def table(
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    right: frozenset[int],
    *,
    wide: frozenset[int] = frozenset(),
) -> None:
    """Show a short table; `right` columns are set flush right, `wide` ones keep names whole."""
    markup(table_markup(heads, body, right, wide))


def table_or_rows(table: str, items: Sequence[tuple[str, str, str]]) -> None:
    """Show the markup of a table where the width allows it, rows of the same on a phone."""
    markup(f'<div class="z-wide">{table}</div><div class="z-narrow">{rows_markup(items)}</div>')


def table_markup(
    heads: Sequence[str],
    body: Sequence[Sequence[str]],
    right: frozenset[int],
    wide: frozenset[int] = frozenset(),
) -> str:
    """Return the markup of a short table."""
    names = {**dict.fromkeys(wide, "w"), **dict.fromkeys(right, "r")}
    cls = [f' class="{names[i]}"' if i in names else "" for i in range(len(heads))]
    top = "".join(f"<th{c}>{escape(h)}</th>" for h, c in zip(heads, cls, strict=True))
    lines = "".join(
        "<tr>"
        + "".join(cell(v, names.get(i, ""), head=heads[i]) for i, v in enumerate(row))
        + "</tr>"
        for row in body
    )
    return framed(top, lines, body)


def framed(heads: str, lines: str, body: Sequence[Sequence[str]]) -> str:
    """Return the markup of a table from that of its heads and lines.

    Rows that no phone shows whole stand there as cards, each value beside the head of its column.
    """
    is_wide = any(
        len(row) > _MOST or (len(row) == _MOST and max(map(len, row)) > _LONG) for row in body
    )
    kind = "z-table z-cards" if is_wide else "z-table"
    return (
        f'<div class="z-scroll"><table class="{kind}"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def cell(value: str, cls: str = "", *, head: str = "") -> str:
    """Return a cell of a table; a day, a month, a short word is never broken over two lines."""
    whole = len(value) <= _SHORT or _DAY.fullmatch(value)
    names = f"{cls} z-nb".strip() if whole else cls
    named = f' class="{names}"' if names else ""
    # One piece: where cells are grids, each piece of it would stand in a place of its own.
    text = escape(value) if whole else f"<span>{told(value)}</span>"
    return f'<td{named} data-head="{escape(head)}">{text}</td>'


def bar(done: int, total: int, tone: str = "") -> None:
    """Show how much is done, or, with a tone, how near a limit is."""
    share = round(100 * done / total) if total else 0
    markup(f'<div class="z-bar {tone}"><i style="width:{share}%"></i></div>')


def note(text: str, tone: str = "") -> None:
    """Show a paragraph that matters."""
    markup(f'<div class="z-note {tone}">{told(text)}</div>')


def empty(text: str) -> None:
    """Show that there is nothing, in a sentence."""
    markup(f'<div class="z-empty">{told(text)}</div>')


def product_card(picture: str | None, brand: str, name: str, sub: str, marks: str) -> None:
    """Show a product: picture first; `marks` is badge markup."""
    src = f"/pictures/{escape(picture)}" if picture else ""
    image = f'<img src="{src}" alt="{escape(f"{brand} {name}")}" loading="lazy">' if src else ""
    markup(
        f'<div class="z-card">{image}<p><b>{escape(name)}</b></p>'
        f'<p class="muted">{escape(brand)} {escape(sub)}</p><p>{marks}</p></div>'
    )


def error_box(error: MarketplaceError, lang: Lang) -> None:
    """Show what was refused and what to do; every fault of invalid input with its place."""
    if isinstance(error, Invalid):
        say_faults(error.faults, lang)
        return
    _refusal(_text(error.code, error.facts, lang))


def say_faults(faults: Iterable[Fault], lang: Lang) -> None:
    """Show every fault with its place."""
    for fault in faults:
        place = say(f"field.{fault.place}", lang) if has_key(f"field.{fault.place}") else ""
        place = place[:1].upper() + place[1:]
        _refusal(
            f"{place}{say('app.colon', lang) if place else ''}{_text(fault.code, fault.facts, lang)}"
        )


def _refusal(text: str) -> None:
    """Show why something was refused; whoever listens to the page hears it at once."""
    markup(f'<div class="z-note bad" role="alert">{told(text)}</div>')


def _text(code: str, values: Mapping[str, Any], lang: Lang) -> str:
    key = f"error.{code}"
    if not has_key(key):
        return say("app.refused", lang, code=code)
    told = {k: _plain(v, lang) for k, v in values.items()}
    if "criterion" in told:
        told["criterion"] = say(f"criterion.{told['criterion']}", lang)
    return say(key, lang, **told)


def _plain(value: Any, lang: Lang) -> str:
    if isinstance(value, list | tuple):
        return say("app.comma", lang).join(_plain(v, lang) for v in value)
    for prefix in ("item", "condition"):
        if has_key(f"{prefix}.{value}"):
            return say(f"{prefix}.{value}", lang)
    return str(value)
