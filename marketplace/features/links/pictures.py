"""A picture's perceptual hash: 64 bits that stay nearly the same when it is resized or saved again.

After Zauner (2010): gray, 32 x 32, discrete cosine transform, the 8 x 8 lowest frequencies
against their median.
"""

from __future__ import annotations

from io import BytesIO

_SIDE, _KEPT = 32, 8


def picture_hash(content: bytes) -> int | None:
    """Return the 64-bit hash of a picture, None where it shows nothing to tell it by.

    A plain surface has no frequencies above noise: every such picture would look the same.
    """
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            image.draft("L", (2 * _SIDE, 2 * _SIDE))  # a JPEG is decoded no larger than needed
            gray = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
            pixels = np.asarray(gray, dtype=np.float64)
    except (UnidentifiedImageError, OSError):
        return None
    order = np.arange(_SIDE)
    basis = np.cos(np.pi * (2 * order[None, :] + 1) * order[:, None] / (2 * _SIDE))
    low = (basis @ pixels @ basis.T)[:_KEPT, :_KEPT].ravel()
    rest = low[1:]
    if float(np.abs(rest).max()) < 1.0:
        return None
    bits = (low > np.median(rest)).astype(np.uint8)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
