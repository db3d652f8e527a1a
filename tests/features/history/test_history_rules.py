"""Two ways to type a number may name one document; two documents are never made one."""

from __future__ import annotations

import pytest

from marketplace.features.history.rules import fold_reference

WRITTEN = "闽莆市监处罚〔2021〕12号"


@pytest.mark.parametrize(
    "typed",
    [
        "闽莆市监处罚[2021]12号",
        "闽莆市监处罚（2021）12号",
        "闽莆市监处罚【2021】第12号",
        "闽莆市监处罚 〔２０２１〕 １２ 号",
        "闽莆市监处罚﹝2021﹞12号",
    ],
)
def test_brackets_widths_and_spaces_tell_no_document_apart(typed):
    assert fold_reference(typed) == fold_reference(WRITTEN)


@pytest.mark.parametrize(
    "other",
    ["闽莆市监处罚〔2021〕1-2号", "闽莆市监处罚〔2021〕121号", "闽莆市监罚〔2021〕12号"],
)
def test_other_digits_dashes_and_letters_are_another_document(other):
    assert fold_reference(other) != fold_reference(WRITTEN)
