"""The choice of a store, for the forms that start from one."""

from __future__ import annotations

from marketplace.base.errors import Fault, Invalid
from marketplace.faces.ui.keeping import KeptForm
from marketplace.faces.ui.session import Here, reading
from marketplace.features.complaints.queries import list_store_choices


def store_field(page: Here, form: KeptForm) -> int | None:
    """Show the choice of a store, searchable by number, name and factory."""
    with reading(page) as session:
        choices = list_store_choices(session, page.actor, program=page.rulebook.program.key)
    by_id = {str(c.store_id): c for c in choices}

    def told(store_id: str) -> str:
        one = by_id[store_id]
        firm = f" · {one.factory_name}" if one.factory_name else ""
        return f"{one.name}（{one.platform} {one.store_no}）{firm}"

    taken = form.choice(
        "store",
        page.t("field.store"),
        list(by_id),
        told,
        placeholder=page.t("complaints.store_hint"),
    )
    return None if taken is None else int(taken)


def chosen_store(store_id: int | None) -> int:
    """Return the store that was chosen.

    Raises:
        Invalid: when none was; a store that is not there would be looked for in vain.
    """
    if store_id is None:
        raise Invalid([Fault("store", "field_missing")])
    return store_id
