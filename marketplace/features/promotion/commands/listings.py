"""Platform listings: where a product is on sale, with price and stock as of a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from marketplace.base import audit
from marketplace.base.access import Actor, Role, require
from marketplace.base.clock import Clock, civil_day, today
from marketplace.base.db import announce
from marketplace.base.db.watching import changed_since, put_back
from marketplace.base.errors import Fault, Invalid, NotFound, Refused
from marketplace.base.rulebook import Rulebook
from marketplace.base.text import normalize
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.promotion.events import OfferChanged
from marketplace.features.promotion.rules import is_known_host
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.queries import holder_on
from marketplace.features.registry.tables import Store

_LONGEST_NUMBER = 60  # the column's
_MOST = 10**9


def record_listing(
    session: Session,
    rulebook: Rulebook,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    store_id: int,
    item_no: str,
    url: str,
    price_fen: int,
    stock: int,
    stock_as_of: datetime,
) -> tuple[int, str]:
    """Record or refresh a listing; return it and `inserted`, `updated` or `unchanged`.

    One that was ended is on sale again, and of this product: its number was free. What is older
    than what is known of it changes nothing.

    Raises:
        Invalid: for an empty number, a link that is not https, a price or stock that cannot be;
            an owner's, for a link to a host the program does not know: the public follows it.
        Refused: when the item number belongs to another product; an owner, of a store that is not
            confirmed to be run by his firm.
    """
    scope = scope_of_product(session, product_id)
    require(actor, "promotion.record_listing", scope)
    store = session.get(Store, store_id)
    if store is None:
        raise NotFound("store_not_found", store_id=store_id)
    if actor.role is Role.OWNER:
        # A rival's store under one's own shoe would be told to the public as an official one.
        holder = holder_on(session, store_id=store_id, day=today(clock))
        if holder is None or holder[1] != scope.operator_id:
            raise Refused("store_not_own")
    number = normalize(item_no)
    faults = faults_of_listing(
        clock,
        number=number,
        url=url,
        price_fen=price_fen,
        stock=stock,
        stock_as_of=stock_as_of,
    )
    if actor.role is Role.OWNER and not faults and not is_known_host(rulebook, url):
        faults = [Fault("url", "link_host")]
    if faults:
        raise Invalid(faults)
    known = session.execute(
        select(Listing).where(
            Listing.platform == store.platform, col(Listing.item_no) == number
        )
    ).scalar()
    ended = known is not None and known.ended_at is not None
    if known is not None and known.product_id != product_id and not ended:
        raise Refused("item_of_other_product", item_no=number)
    after = {"price_fen": price_fen, "stock": stock, "url": url, "store_id": store_id}
    same = known is not None and known.product_id == product_id
    before = {f: getattr(known, f) for f in after} if same else None
    if known is not None and (
        is_overtaken(known, product_id, stock_as_of)
        or (before == after and known.stock_as_of >= stock_as_of and not ended)
    ):
        return known.key, "unchanged"
    row = known or Listing(
        product_id=product_id,
        store_id=store_id,
        program=str(scope.program),
        platform=store.platform,
        item_no=number,
        url=url,
        price_fen=price_fen,
        stock=stock,
        stock_as_of=stock_as_of,
    )
    for field, value in after.items():
        setattr(row, field, value)
    row.product_id, row.program = product_id, str(scope.program)
    row.stock_as_of, row.ended_at = stock_as_of, None
    session.add(row)
    session.flush()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="promotion.record_listing",
        subject=f"product:{product_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        facts={"item_no": number, "platform": store.platform},
        before=before,
        after=after,
    )
    announce(session, OfferChanged((product_id,), str(scope.program)))
    return row.key, "updated" if known else "inserted"


def is_overtaken(known: Listing, product_id: int, stock_as_of: datetime) -> bool:
    """Tell whether something newer is known of a product's listing, its end included."""
    if known.product_id != product_id:
        return False
    if known.ended_at is not None:  # on the day itself it may be put on sale again
        return civil_day(stock_as_of) < civil_day(known.ended_at)
    return stock_as_of < known.stock_as_of


def faults_of_listing(
    clock: Clock,
    *,
    number: str,
    url: str,
    price_fen: int,
    stock: int,
    stock_as_of: datetime,
) -> list[Fault]:
    """Return what keeps a listing out, whatever product it is of."""
    faults = [] if number else [Fault("item_no", "field_missing")]
    if not url.startswith("https://") or len(url) > 300:
        faults.append(Fault("url", "link_https"))
    if len(number) > _LONGEST_NUMBER:
        faults.append(Fault("item_no", "text_too_long", {"longest": _LONGEST_NUMBER}))
    for field, told, low in (("price_fen", price_fen, 1), ("stock", stock, 0)):
        if not low <= told <= _MOST:
            faults.append(Fault(field, "number_out_of_range", {"low": low, "high": _MOST}))
    if stock_as_of > clock.now():
        faults.append(Fault("stock_as_of", "day_to_come"))
    return faults


def end_listing(session: Session, *, clock: Clock, actor: Actor, listing_id: int) -> bool:
    """Take a listing off that is sold no more, or was never this shoe; False when it is off.

    Nothing of it is shown or counted from then on, and its number may be recorded of another shoe.
    """
    row = session.get(Listing, listing_id)
    if row is None:
        raise NotFound("listing_not_found", listing_id=listing_id)
    scope = scope_of_product(session, row.product_id)
    require(actor, "promotion.end_listing", scope)
    if row.ended_at is not None:
        return False
    row.ended_at = clock.now()
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="promotion.end_listing",
        subject=f"product:{row.product_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        facts={"item_no": row.item_no, "platform": row.platform},
    )
    announce(session, OfferChanged((row.product_id,), str(scope.program)))
    return True


def take_back_listing(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    listing_id: int,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str,
) -> None:
    """Put a listing back as it was before an import; one it brought is removed.

    Raises:
        Refused: `undo_changed` when it was refreshed since.
    """
    row = session.get(Listing, listing_id)
    if row is None:
        raise NotFound("listing_not_found", listing_id=listing_id)
    scope = scope_of_product(session, row.product_id)
    require(actor, "promotion.take_back_listing", scope)
    differing = changed_since(row, after)
    if differing:
        raise Refused("undo_changed", field=differing[0])
    audit.record(
        session,
        clock=clock,
        actor=actor,
        action="promotion.take_back_listing",
        subject=f"product:{row.product_id}",
        program=scope.program,
        operator_id=scope.operator_id,
        reason=reason,
        facts={"item_no": row.item_no, "platform": row.platform},
        before=dict(after),
        after=dict(before) if before is not None else None,
    )
    if before is None:
        session.delete(row)
    else:
        put_back(row, before)
    session.flush()
    announce(session, OfferChanged((row.product_id,), str(scope.program)))
