"""What a verification saw of a product, kept with its decision.

A verified row is fixed, so it is its own record. One that lapsed may be edited for another review:
until then the public is told what the last verification saw, never what nobody has reviewed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.catalog.kinds import PhotoRole, ProductVerdict
from marketplace.features.catalog.tables import Product, ProductDecision, ProductPhoto

FACE = "face"  # where a decision's snapshot holds it
_VERIFYING = (ProductVerdict.VERIFIED, ProductVerdict.RESTORED)
_TEXTS = (
    "name_zh",
    "name_en",
    "category",
    "description_zh",
    "description_en",
    "price_fen",
    "gtin",
    "design_reference",
)
_OTHERS = ("materials", "design_basis", "design_on")
_LOOKS = ("name_zh", "name_en", "design_basis", "design_reference", "design_on", "photos")


@dataclass(frozen=True, slots=True)
class AsVerified:
    """What the public may be told of a product that is not verified now.

    Decisions of older days kept less: what they did not keep is not told.
    """

    name_zh: str | None
    name_en: str | None
    category: str | None
    price_fen: int | None
    description_zh: str | None
    description_en: str | None
    materials: dict[str, str]
    pictures: frozenset[str]


def face_of(session: Session, product: Product) -> dict[str, Any]:
    """Return everything of a product that its owner may edit, as plain JSON."""
    photos = session.execute(
        sa.select(col(ProductPhoto.role), col(StoredFile.sha256))
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(col(ProductPhoto.product_id) == product.key)
        .order_by(col(ProductPhoto.role), col(ProductPhoto.position))
    ).all()
    row = {field: getattr(product, field) for field in (*_TEXTS, *_OTHERS)}
    return face_with(row, [(PhotoRole(role), sha) for role, sha in photos])


def face_with(
    row: Mapping[str, Any], photos: Sequence[tuple[PhotoRole, str]]
) -> dict[str, Any]:
    """Return the same of a product's columns, its pictures known by role and position."""
    basis, on = row["design_basis"], row["design_on"]
    return {
        **{field: row[field] for field in _TEXTS},
        "materials": dict(row["materials"].get("parts", {})),
        "design_basis": basis.value if basis else None,
        "design_on": on.isoformat() if on else None,
        "photos": [[role.value, sha] for role, sha in photos],
    }


def verifying_decision(session: Session, product_id: int) -> ProductDecision | None:
    """Return the last decision that verified or restored a product."""
    found: ProductDecision | None = session.execute(
        sa.select(ProductDecision)
        .where(
            col(ProductDecision.product_id) == product_id,
            col(ProductDecision.verdict).in_(_VERIFYING),
        )
        .order_by(col(ProductDecision.id).desc())
        .limit(1)
    ).scalar()
    return found


def last_verified_at(session: Session, product: Product) -> datetime | None:
    """Return when a product was last verified or restored: what came later nobody has reviewed."""
    last = verifying_decision(session, product.key)
    known = [at for at in (last.decided_at if last else None, product.verified_at) if at]
    return max(known, default=None)


def looks_other_than_before(session: Session, product_id: int) -> bool:
    """Tell whether the last verification saw another shoe than the one before it.

    By name, pictures and design, which is what others may object to; a decision of older days
    that kept none of it tells no difference.
    """
    snapshots = session.execute(
        sa.select(col(ProductDecision.snapshot))
        .where(
            col(ProductDecision.product_id) == product_id,
            col(ProductDecision.verdict).in_(_VERIFYING),
        )
        .order_by(col(ProductDecision.id).desc())
        .limit(2)
    ).scalars()
    faces = [snapshot[FACE] for snapshot in snapshots if FACE in snapshot]
    return len(faces) == 2 and any(faces[0].get(k) != faces[1].get(k) for k in _LOOKS)


def seen_when_verified(session: Session, product_ids: Collection[int]) -> dict[int, AsVerified]:
    """Return product → what its last verification saw; one never verified is missing."""
    if not product_ids:
        return {}
    rows = session.execute(
        sa.select(col(ProductDecision.product_id), col(ProductDecision.snapshot))
        .where(
            col(ProductDecision.product_id).in_(list(product_ids)),
            col(ProductDecision.verdict).in_(_VERIFYING),
        )
        .order_by(col(ProductDecision.id))
    ).all()
    return {product_id: _read(snapshot) for product_id, snapshot in rows}


def _read(snapshot: Mapping[str, Any]) -> AsVerified:
    face = snapshot.get(FACE)
    kept: Mapping[str, Any] = snapshot if face is None else face
    return AsVerified(
        name_zh=kept.get("name_zh"),
        name_en=kept.get("name_en"),
        category=kept.get("category"),
        price_fen=kept.get("price_fen"),
        description_zh=kept.get("description_zh"),
        description_en=kept.get("description_en"),
        materials=dict(face["materials"]) if face is not None else {},
        pictures=frozenset(
            sha for role, sha in kept.get("photos", ()) if role != PhotoRole.DESIGN.value
        )
        if face is not None
        else frozenset(),
    )
