"""What people typed is never read as markup: not by Markdown, nor by what Streamlit adds to it."""

from __future__ import annotations

import ast
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from streamlit.proto.Block_pb2 import Block
from streamlit.proto.Element_pb2 import Element
from streamlit.testing.v1 import AppTest

from marketplace.faces.ui import kit
from marketplace.faces.ui.plainly import _READ, plain
from tests.architecture.sources import called, modules

# A reader of Markdown as Streamlit's: CommonMark with the tables and strokes of GitHub's.
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
JOIN = "\u2060"
# What Streamlit looks for in a text once Markdown is read: icons, emoji, addresses.
SOUGHT = re.compile(
    r":material[/_]|:streamlit:|:(?!\d\d:)[\w+-]+:|https?://[-.\w]|www\.[-.\w]|[-.\w+]@[-\w]+\.",
    re.ASCII | re.IGNORECASE,
)
PIECES = (
    "\n", "\n\n", "   ", "    ", "平台通知", "a", "1", ".", ")", "-", "+", "=", "---", "===", "#", "# ",
    "*", "**", "_", "__", "~", "~~", "`", "```", "$", "$$", "[", "](https://evil.example)", "![", "[^1]",
    "<", ">", "<b>", "</div>", "<https://evil.example>", "https://evil.example/a", "www.evil.cn", "a@b.cn",
    "mailto:", "&", "&copy;", "&#42;", "\\", "|", "| a | b |\n|---|---|\n", ":", "::", ":::", ":red[", "]",
    ":material/home:", ":smile:", ":+1:", ":streamlit:", "!", "{", "}", "(", "\t", "\r\n", "：",
)  # fmt: skip
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
REPORT = "这双是假的。\n\n[平台通知：会话已过期](https://evil.example/login)\n\n# 大标题 :material/home:"


def words_of(text: str) -> str:
    """Return a text's characters but for its spaces, which no reader keeps as they were."""
    return re.sub(r"\s+", "", text.replace(JOIN, ""))


@given(HOSTILE)
def test_a_plain_text_is_paragraphs_of_its_own_characters(text):
    sent = plain(text)
    tokens = READER.parse(sent)
    assert {t.type for t in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inside = [child for t in tokens for child in t.children or ()]
    assert {c.type for c in inside} <= {"text", "text_special", "softbreak", "hardbreak"}
    shown = "\n".join(c.content for c in inside if c.content)
    assert words_of(shown) == words_of(text)
    joined = "".join(c.content or "\n" for c in inside)
    assert not SOUGHT.search(joined)
    # Directives and math are read beside Markdown, by the same backslash.
    assert not re.search(r"\$|:[A-Za-z]", re.sub(r"\\.", " ", sent))


@pytest.mark.parametrize(
    "text", ["2026-11-28 10:30:05", "A-B（2026）R&D", "1,234.5 元", "x_y_z", "50% · a/b"]
)
def test_a_text_with_nothing_in_it_is_sent_as_it_is(text):
    assert plain(text) == text


@given(HOSTILE)
def test_markup_of_the_kit_is_one_block_whatever_is_in_it(text):
    html = kit.in_one_line(f'<div class="z"><p>{kit.told(text)}</p></div>')
    (block,) = READER.parse(html)
    assert block.type == "html_block"
    assert ":material/" not in html
    shown = unescape(re.sub(r"<(?:/?(?:div|p|span)|br)\b[^>]*>", "", html))
    assert words_of(shown) == words_of(text)


def test_paragraphs_of_a_report_stay_apart():
    assert kit.told("一\n\n二\r\n三") == "一<br><br>二<br>三"


def test_every_label_hint_and_message_is_plain_when_it_leaves():
    def page(text: str) -> None:
        import streamlit as st

        from marketplace.faces.ui import kit
        from marketplace.faces.ui.plainly import keep_texts_plain

        keep_texts_plain()
        keep_texts_plain()  # each run asks for it; nothing is escaped twice
        st.caption(text)
        st.button(text, help=text)
        st.text_input(text, value=text)
        st.expander(text)
        st.toast(text)
        st.code(text)
        kit.note(text)

    at = AppTest.from_function(page, args=(REPORT,)).run()
    assert not at.exception
    wanted = plain(REPORT)
    assert [at.caption[0].value, at.button[0].label, at.button[0].help] == [wanted] * 3
    assert [at.text_input[0].label, at.text_input[0].value] == [wanted, REPORT]
    assert [at.expander[0].label, at.toast[0].value, at.code[0].value] == [
        wanted,
        wanted,
        REPORT,
    ]
    assert "\n" not in at.markdown[0].value


def test_every_text_that_streamlit_has_is_known():
    """One that a new version adds is judged here: read as markup it belongs to `plainly`."""
    judged = {
        # shown as they are, or nowhere
        "placeholder", "alt", "icon", "format", "shortcut", "validate_message", "validate_regex",
        "code_text", "language", "json", "spec", "srcdoc", "doc_string", "message", "tag", "anchor",
        "value", "default", "name", "key", "autocomplete", "caption", "min", "max", "columns",
        # options and captions: `test_options_that_are_markdown_are_made_plain`
        "options", "raw_values", "raw_value", "captions", "content", "content_icon",
    }  # fmt: skip
    technical = re.compile(
        r"(id|hash|url|src|color|theme|type|js|css)$|^(config|js_|css_|html_|width|link|page|gap|"
        r"engine|divider|query_|selection_|avatar|mapbox_token|tooltip|component_|json_|url_|color|"
        r"default_|theme|file_|column_order|stack_trace)"
    )
    found = {
        field.name
        for outer in (Element, Block)
        for kind in outer.DESCRIPTOR.fields
        if kind.message_type is not None
        for field in kind.message_type.fields
        if field.type == field.TYPE_STRING
    }
    assert {n for n in found - _READ - judged if not technical.search(n)} == set()
    assert found >= _READ


def test_options_that_are_markdown_are_made_plain():
    """They come back as they were sent, so they cannot be changed on their way: `format_func` is."""
    kinds = {"radio", "pills", "segmented_control", "menu_button"}
    asked = [
        (m.at(call), next((k.value for k in call.keywords if k.arg == "format_func"), None))
        for m in modules()
        if "faces/ui" in m.place
        for call in m.calls()
        if called(call) in kinds and isinstance(call.func, ast.Attribute)
    ]
    assert len(asked) > 15
    for place, words in asked:
        assert isinstance(words, ast.Lambda), place
        assert isinstance(words.body, ast.Call), place
        assert called(words.body) == "plain", place
