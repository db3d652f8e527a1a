"""Pictures of a product that may still be edited: attached once each, taken off again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session, col, select

from marketplace.base.access import Actor, require
from marketplace.base.clock import Clock
from marketplace.base.errors import NotFound, Refused
from marketplace.base.files import require_own_file
from marketplace.base.files.tables import FileUse, StoredFile
from marketplace.features.catalog.commands.products import (
    EDITABLE,
    load_product,
    product_trail,
)
from marketplace.features.catalog.kinds import PhotoRole
from marketplace.features.catalog.queries.facts import scope_of_product
from marketplace.features.catalog.tables import Product, ProductPhoto


def attach_photo(
    session: Session,
    *,
    clock: Clock,
    actor: Actor,
    product_id: int,
    use_id: int,
    role: PhotoRole,
) -> int:
    """Attach a stored picture; the same picture in the same role again is the same one.

    Raises:
        Refused: while the product is submitted, verified, rejected, withdrawn or recalled; for
            a file that is no picture, whatever its name says.
    """
    scope = scope_of_product(session, product_id)
    require(actor, "catalog.attach_photo", scope)
    product = _editable(session, product_id)
    require_own_file(session, use_id, scope)
    file_id, media_type, name = session.execute(
        select(FileUse.file_id, StoredFile.media_type, FileUse.name)
        .join(StoredFile, col(StoredFile.id) == col(FileUse.file_id))
        .where(FileUse.id == use_id)
    ).one()
    if not media_type.startswith("image/"):
        raise Refused("picture_wanted", file=name)
    known = session.execute(
        select(ProductPhoto.id)
        .join(FileUse, col(FileUse.id) == col(ProductPhoto.use_id))
        .where(
            ProductPhoto.product_id == product_id,
            ProductPhoto.role == role,
            FileUse.file_id == file_id,
        )
    ).scalar()
    if known is not None:
        return int(known)
    last = session.execute(
        select(sa.func.max(col(ProductPhoto.position))).where(
            ProductPhoto.product_id == product_id, ProductPhoto.role == role
        )
    ).scalar()
    photo = ProductPhoto(
        product_id=product_id,
        use_id=use_id,
        role=role,
        position=0 if last is None else int(last) + 1,
    )
    session.add(photo)
    session.flush()
    product_trail(
        session, clock, actor, "catalog.attach_photo", product,
        facts={"use_id": use_id, "role": role},
    )  # fmt: skip
    return photo.key


def detach_photo(
    session: Session, *, clock: Clock, actor: Actor, product_id: int, use_id: int
) -> None:
    """Take a picture off a product; the stored file stays, as everything handed in does.

    Raises:
        NotFound: when it is not one of the product's pictures.
        Refused: as for attaching.
    """
    require(actor, "catalog.detach_photo", scope_of_product(session, product_id))
    product = _editable(session, product_id)
    photo = session.execute(
        select(ProductPhoto).where(
            ProductPhoto.product_id == product_id, ProductPhoto.use_id == use_id
        )
    ).scalar()
    if photo is None:
        raise NotFound("file_not_found", use_id=use_id)
    session.delete(photo)
    session.flush()
    product_trail(
        session, clock, actor, "catalog.detach_photo", product,
        facts={"use_id": use_id, "role": photo.role},
    )  # fmt: skip


def _editable(session: Session, product_id: int) -> Product:
    product = load_product(session, product_id)
    if product.status not in EDITABLE:
        raise Refused("product_fixed", status=product.status.value)
    return product
