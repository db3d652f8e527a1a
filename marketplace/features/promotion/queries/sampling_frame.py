"""Lists what may be drawn for a look: every listing on sale in a store of an enrolled firm."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.features.catalog.tables import Product
from marketplace.features.progress.kinds import EnrollmentStatus
from marketplace.features.progress.tables import Enrollment
from marketplace.features.promotion.tables import Listing
from marketplace.features.registry.kinds import HoldingStatus, StoreStatus
from marketplace.features.registry.tables import Factory, Store, StoreHolding
from marketplace.features.sampling.rules import FrameListing

_STANDING = (EnrollmentStatus.ENROLLED, EnrollmentStatus.PAUSED, EnrollmentStatus.GRADUATED)


def list_sampling_frame(session: Session, program: str) -> list[FrameListing]:
    """Return the frame of a draw by number of listing; for rules, never shown alone.

    A paused or graduated firm stays in it, whatever became of its product: leaving the frame by
    standing badly would hide what a look is for. Only a closed store sells nothing.
    """
    rows = session.execute(
        sa.select(
            col(Listing.id),
            col(Listing.store_id),
            col(StoreHolding.factory_id),
            col(Factory.operator_id),
            col(Listing.product_id),
            col(Listing.platform),
            col(Listing.item_no),
            col(Listing.url),
            col(Product.category),
        )
        .join(Store, col(Store.id) == col(Listing.store_id))
        .join(Product, col(Product.id) == col(Listing.product_id))
        .join(
            StoreHolding,
            sa.and_(
                col(StoreHolding.store_id) == col(Store.id),
                col(StoreHolding.status) == HoldingStatus.CONFIRMED,
                col(StoreHolding.until_on).is_(None),
            ),
        )
        .join(Factory, col(Factory.id) == col(StoreHolding.factory_id))
        .join(
            Enrollment,
            sa.and_(
                col(Enrollment.operator_id) == col(Factory.operator_id),
                col(Enrollment.program) == program,
                col(Enrollment.reversed_at).is_(None),
                col(Enrollment.status).in_(_STANDING),
            ),
        )
        .where(
            col(Listing.program) == program,
            col(Listing.ended_at).is_(None),
            col(Store.status) != StoreStatus.CLOSED,
        )
        .order_by(col(Listing.id))
    ).all()
    return [FrameListing(*row) for row in rows]
