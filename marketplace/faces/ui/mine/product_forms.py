"""The parts of a product's page, each saved by itself so that a phone call loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import streamlit as st
from sqlmodel import Session

from marketplace.base.errors import Invalid, Refused
from marketplace.base.identifiers import clean_gtin
from marketplace.base.money import format_yuan, parse_yuan
from marketplace.base.words import label, say
from marketplace.faces.ui import kit
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.mine.handing_in import keep
from marketplace.faces.ui.office.doing import did
from marketplace.faces.ui.plainly import plain
from marketplace.faces.ui.session import Here, reading, run
from marketplace.faces.ui.uploads import Upload, let_go, take_each
from marketplace.faces.ui.wording import category_name, part_name
from marketplace.features.catalog.commands import (
    attach_photo,
    detach_photo,
    edit_product,
)
from marketplace.features.catalog.kinds import PhotoRole
from marketplace.features.catalog.queries import ProductRow, list_photos
from marketplace.features.registry.queries import FactoryProfile

# HEIC is let in to be refused in words: Streamlit's own refusal cannot be read on a phone.
PICTURES = ["jpg", "jpeg", "png", "webp", "heic", "heif"]
_PARTS = ("upper", "lining", "sole")


def photos(
    page: Here, own: FactoryProfile, product: ProductRow, *, can_add: bool = True
) -> None:
    """Show the pictures in order and take more, from the album or the camera."""
    with reading(page) as session:
        rows = list_photos(session, page.actor, product_id=product.product_id)
    with st.container(key="card_photos"):
        kit.section(page.t("item.photos"), page.t("mine.photo.sub"))
        shown = [
            f'<figure style="margin:0"><img src="/files/{use_id}?w=480" loading="lazy" '
            f'alt="{escape(label(role, page.lang))}" style="width:100%;aspect-ratio:5/3;'
            'object-fit:contain;background:var(--z-picture);border-radius:6px">'
            f'<figcaption class="muted">{n}. {escape(label(role, page.lang))}</figcaption></figure>'
            for n, (role, use_id, _sha) in enumerate(rows, 1)
        ]
        if shown:
            kit.markup(
                '<div style="display:grid;gap:.6rem;'
                f'grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))">{"".join(shown)}</div>'
            )
        else:
            kit.empty(page.t("mine.photo.none"))
        if not can_add:
            return
        if rows:
            _take_off(page, product, rows)
        role = st.segmented_control(
            page.t("mine.photo.role"),
            list(PhotoRole),
            default=PhotoRole.MAIN,
            format_func=lambda r: plain(label(r, page.lang)),
            required=True,
        )
        turn = st.session_state.setdefault("photo_turn", 0)
        with st.container(key="shot_photos"):
            given = st.file_uploader(
                page.t("mine.photo.file"),
                type=PICTURES,
                accept_multiple_files=True,
                key=f"photos_{product.product_id}_{turn}",
            )
        _say_refused(page, product)
    if given:
        _keep_photos(page, own, product, given, PhotoRole(role or PhotoRole.MAIN))


def _say_refused(page: Here, product: ProductRow) -> None:
    """Say which of the pictures chosen last were not taken, and why, until others are chosen."""
    taken, faults = st.session_state.get(_refused_key(product), (0, ()))
    if not faults:
        return
    if taken:
        kit.note(page.t("own.photos_partly", taken=taken, refused=len(faults)))
    elif len(faults) > 1:  # one alone says itself that it was not taken
        kit.note(page.t("own.photos_none", refused=len(faults)))
    kit.error_box(Invalid(faults), page.lang)


def _refused_key(product: ProductRow) -> str:
    return f"photos_refused_{product.product_id}"


def _take_off(
    page: Here, product: ProductRow, rows: Sequence[tuple[PhotoRole, int, str]]
) -> None:
    with st.expander(page.t("own.photo_off")):
        names = {
            use: f"{n}. {label(role, page.lang)}" for n, (role, use, _) in enumerate(rows, 1)
        }
        use_id = st.selectbox(
            page.t("own.photo_which"), list(names), format_func=names.__getitem__,
            key=f"off_{product.product_id}",
        )  # fmt: skip
        if st.button(page.t("own.photo_off"), width="stretch") and did(
            page,
            lambda s: detach_photo(
                s,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                use_id=int(use_id or 0),
            ),
            done="own.photo_gone",
        ):
            st.rerun()


def _keep_photos(
    page: Here,
    own: FactoryProfile,
    product: ProductRow,
    given: Sequence[Upload],
    role: PhotoRole,
) -> None:
    """Keep pictures the moment they are there: between taking and pressing, a phone may sleep.

    One that cannot be taken keeps none of the others away.
    """
    ready, faults = take_each(given)

    def work(session: Session) -> int:
        subject = f"product:{product.product_id}"
        for file in ready:
            attach_photo(
                session,
                clock=page.app.clock,
                actor=page.actor,
                product_id=product.product_id,
                use_id=keep(session, page, own, file, purpose="product", subject=subject),
                role=role,
            )
        return len(ready)

    if ready and not run(page, work, done="mine.saved"):
        return
    st.session_state[_refused_key(product)] = (len(ready), faults)
    let_go(*given)
    st.session_state["photo_turn"] += 1
    st.rerun()


def facts(page: Here, product: ProductRow) -> None:
    """Take name, category, price, materials, description and barcode."""
    form = KeptForm(page, f"facts_{product.product_id}")
    with st.container(key="card_facts"):
        kit.section(page.t("mine.product.facts"))
        form.begun_note()
        name = form.text(
            "name", page.t("mine.product.name"), value=product.name_zh, longest=120
        )
        category = form.choice(
            "category",
            page.t("item.category"),
            [c.key for c in page.rulebook.product.categories],
            lambda key: category_name(page, key),
            value=product.category,
            placeholder=page.t("entry.choose"),
        )
        price = form.text(
            "price",
            page.t("mine.product.price"),
            value=format_yuan(product.price_fen).lstrip("¥") if product.price_fen else "",
            placeholder="299",
            longest=12,
        )
        materials = _materials(page, form, product)
        about = form.text(
            "about",
            page.t("item.description"),
            value=product.description_zh or "",
            longest=500,
            tall=True,
        )
        gtin = form.text(
            "gtin",
            page.t("item.gtin"),
            value=product.gtin or "",
            longest=20,
            hint=page.t("mine.product.gtin_help"),
        )
        values: dict[str, object] = {
            "name_zh": name,
            "category": category,
            "description_zh": about or None,
            "gtin": clean_gtin(gtin) or None,
            "materials": materials,
        }
        save(page, form, product, values, price=price)


def _materials(page: Here, form: KeptForm, product: ProductRow) -> dict[str, str]:
    """Ask for the usual parts, and for every other part that is known; by Chinese word."""
    usual = {
        say(f"mine.material.{part}", "zh"): page.t(f"mine.material.{part}") for part in _PARTS
    }
    others = {word: part_name(page, word) for word in product.materials if word not in usual}
    if others:  # a sole told by its layers is not asked for once more
        usual = {w: shown for w, shown in usual.items() if w in product.materials}
    words = {**usual, **others}
    fields = {f"part{n}": word for n, word in enumerate(words)}
    given = {
        word: form.text(field, words[word], value=product.materials.get(word, ""), longest=60)
        for field, word in fields.items()
    }
    return {word: text for word, text in given.items() if text.strip()}


def save(
    page: Here,
    form: KeptForm,
    product: ProductRow,
    values: Mapping[str, object],
    *,
    price: str = "",
    first: Callable[[Session], object] | None = None,
) -> None:
    """Show the button that keeps changed fields; a save that changes nothing does nothing.

    `first` is done before, in the same transaction.
    """

    def work(session: Session) -> int:
        if first is not None:
            first(session)
        changed = edit_product(
            session,
            clock=page.app.clock,
            actor=page.actor,
            product_id=product.product_id,
            values={**values, **_price(price)},
        )
        return len(changed) + (first is not None)

    changed = form.send(page.t("mine.save"), work, primary=False)
    if changed is not None:
        st.session_state["toast"] = page.t("mine.saved" if changed else "mine.unchanged")
        st.rerun()


def _price(text: str) -> dict[str, object]:
    if not text.strip():
        return {}
    try:
        return {"price_fen": parse_yuan(text)}
    except ValueError:
        raise Refused("price_unreadable") from None
