"""What a finding is about beyond its count: asked when it is recorded, told when it is decided."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.base.errors import Refused
from marketplace.base.money import format_amount, parse_yuan
from marketplace.base.words import label
from marketplace.faces.ui.measures.policies import is_offered
from marketplace.faces.ui.office.kept import DeskForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.catalog.queries import list_products
from marketplace.features.enforcement.kinds import Intent, MeasureKind, ViolationKind
from marketplace.features.enforcement.queries import FindingRow, get_detail
from marketplace.features.promotion.queries import list_listed_products


@dataclass(frozen=True, slots=True)
class Detail:
    """The kind of violation, what is suspected of the intent, the value as it was typed."""

    category: ViolationKind | None
    intent: Intent | None
    value: str

    @property
    def value_fen(self) -> int | None:
        """The value in fen, None where nothing was typed; what is no amount is refused."""
        if not self.value.strip():
            return None
        try:
            return parse_yuan(self.value)
        except ValueError:
            raise Refused("price_unreadable") from None


def ask_detail(page: Here, form: DeskForm) -> Detail:
    """Ask for the kind of violation, the suspected intent and the value; each may be left open."""
    category = form.choice(
        "category", page.t("measures.category"), [v.value for v in ViolationKind],
        lambda v: label(ViolationKind(v), page.lang), placeholder=page.t("measures.not_said"),
    )  # fmt: skip
    intent = ask_intent(page, form)
    value = form.text(
        "value", page.t("measures.value"), hint=page.t("measures.value_hint"), longest=20
    )
    return Detail(ViolationKind(category) if category else None, intent, value)


def ask_intent(page: Here, form: DeskForm, *, before: Intent | None = None) -> Intent | None:
    """Ask whether it was known; `before` is what was said of it earlier."""
    intent = form.choice(
        "intent", page.t("measures.intent"), [i.value for i in Intent],
        lambda i: label(Intent(i), page.lang), value=before.value if before else None,
        placeholder=page.t("measures.not_said"), help=page.t("measures.intent_help"),
    )  # fmt: skip
    return Intent(intent) if intent else None


def ask_products(
    page: Here,
    form: DeskForm,
    factory_id: int | None,
    *,
    listed: tuple[int, str] | None = None,
) -> tuple[int, ...]:
    """Ask which products of the firm a finding names: an upheld one takes them out of sight.

    `listed` is the store and the number of the listing it is about: what is sold there is chosen
    already, and can be taken out again.
    """
    if factory_id is None:
        return ()
    with reading(page) as session:
        rows = list_products(session, page.actor, clock=page.app.clock, factory_id=factory_id)
        shown: list[int] = []
        if listed is not None:
            store_id, item_no = listed
            shown = list_listed_products(
                session, page.actor, store_id=store_id, item_no=item_no
            )
    names = {str(p.product_id): f"{p.name_zh} {p.model_no}" for p in rows if p.code}
    if not names:
        return ()
    named = form.many(
        "products", page.t("officer.ask.products"), list(names), names.__getitem__,
        value=[str(n) for n in shown if str(n) in names],
        placeholder=page.t("officer.ask.choose"), help=page.t("measures.products_help"),
    )  # fmt: skip
    return tuple(int(n) for n in named)


def ask_course(page: Here, form: DeskForm, finding: FindingRow) -> str | None:
    """Ask for a mandatory course, where the categories of what is named list one."""
    if not is_offered(page, finding.product_ids, MeasureKind.COURSE):
        return None
    names = {
        c.key: c.name_zh if page.lang == "zh" else c.name_en
        for c in page.rulebook.enforcement.measures.courses
    }
    return form.choice(
        "course", page.t("measures.course_name"), list(names), names.__getitem__,
        placeholder=page.t("measures.course_none"),
    )  # fmt: skip


def detail_facts(page: Here, finding_id: int) -> list[tuple[str, str]]:
    """Return what was said of a finding beyond its count, as named facts."""
    with reading(page) as session:
        d = get_detail(session, page.actor, finding_id=finding_id)
    facts = []
    if d.category is not None:
        facts.append((page.t("measures.category"), label(d.category, page.lang)))
    if d.intent is not None:
        facts.append((page.t("measures.intent_suspected"), label(d.intent, page.lang)))
    if d.value_fen is not None:
        facts.append((page.t("measures.value"), format_amount(d.value_fen)))
    return facts
