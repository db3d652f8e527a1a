"""Files made to harm, each with the code it is refused with."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import xlsxwriter
from PIL import Image, ImageDraw

PIXELS = b"GPS-AND-NAME"


def picture(form: str, size: tuple[int, int] = (300, 200), **how: object) -> bytes:
    """A picture with something on it: a plain one shrinks to nothing and cannot be cut."""
    drawn = Image.new("RGB", size, (200, 120, 40))
    pen = ImageDraw.Draw(drawn)
    for line in range(0, size[0], 7):
        pen.line((line, 0, size[0] - line, size[1]), fill=(line % 256, 90, 200 - line % 200))
    out = io.BytesIO()
    drawn.save(out, form, **how)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    sealed = kind + body
    return struct.pack(">I", len(body)) + sealed + struct.pack(">I", zlib.crc32(sealed))


def png_declaring(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head declares the size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + picture("PNG")[33:]


def jpeg_declaring(width: int, height: int) -> bytes:
    """A JPEG whose frame header lies about the size."""
    whole = picture("JPEG")
    frame = whole.index(b"\xff\xc0")
    return whole[: frame + 5] + struct.pack(">HH", height, width) + whole[frame + 9 :]


def pdf(body: bytes) -> bytes:
    return b"%PDF-1.7\n" + body + b"\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def packed(names: bytes, *, head: bytes = b"/Filter /FlateDecode") -> bytes:
    """A PDF with the names in an object stream."""
    stream = zlib.compress(b"7 0 " + names)
    start = b"1 0 obj << /Type /ObjStm /N 1 /First 4 %b /Length %d >>\nstream\n" % (
        head,
        len(stream),
    )
    return pdf(start + stream + b"\nendstream endobj")


def _tiff() -> bytes:
    return picture("TIFF")


PICTURES: dict[str, tuple[Callable[[], bytes], str]] = {
    "65000x65000.png": (lambda: png_declaring(65_000, 65_000), "picture_too_many_pixels"),
    "10000x8000.png": (lambda: png_declaring(10_000, 8_000), "picture_too_many_pixels"),
    "7000x7000.png": (lambda: png_declaring(7_000, 7_000), "file_damaged"),
    "60000x60000.jpg": (lambda: jpeg_declaring(60_000, 60_000), "picture_too_many_pixels"),
    "0x0.jpg": (lambda: jpeg_declaring(0, 0), "file_damaged"),
    "half.png": (lambda: picture("PNG")[:900], "file_damaged"),
    "half.jpg": (lambda: picture("JPEG")[:3000], "file_damaged"),
    "half.webp": (lambda: picture("WEBP")[:900], "file_damaged"),
    "noise.jpg": (lambda: b"\xff\xd8\xff" + bytes(range(256)) * 400, "file_damaged"),
    "huge-chunk.png": (
        lambda: b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 2**31 - 1) + b"IHDR" + bytes(99),
        "file_damaged",
    ),
    "text-bomb.png": (
        lambda: (
            picture("PNG")[:33]
            + chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(80_000_000)))
            + picture("PNG")[33:]
        ),
        "file_damaged",
    ),
    "tiff.jpg": (_tiff, "file_kind_unknown"),
    "gif.jpg": (lambda: picture("GIF"), "file_kind_unknown"),
    "page.png": (lambda: b"<html><script>alert(1)</script>", "file_kind_unknown"),
    "drawing.png": (lambda: b"<svg xmlns='x' onload='alert(1)'/>", "file_kind_unknown"),
    "program.jpg": (lambda: b"MZ\x90\x00" + bytes(500), "file_kind_unknown"),
    "sound.webp": (lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(40), "file_kind_unknown"),
    "empty.png": (lambda: b"", "file_empty"),
    "large.png": (lambda: bytes(20 * 1024 * 1024 + 1), "file_too_large"),
}

PDFS: dict[str, tuple[Callable[[], bytes], str]] = {
    "script.pdf": (lambda: pdf(b"<< /S /JavaScript /JS (x) >>"), "pdf_active"),
    "escaped.pdf": (lambda: pdf(b"<< /S /J#61va#53cript >>"), "pdf_active"),
    "launch.pdf": (lambda: pdf(b"<< /S /Launch /F (a.exe) >>"), "pdf_active"),
    "attached.pdf": (lambda: pdf(b"<< /Names << /EmbeddedFiles 3 0 R >> >>"), "pdf_active"),
    "form.pdf": (lambda: pdf(b"<< /AcroForm << /XFA [ 4 0 R ] >> >>"), "pdf_active"),
    "packed.pdf": (lambda: packed(b"<< /S /JavaScript >>"), "pdf_active"),
    "packed-escaped.pdf": (lambda: packed(b"<< /S /#4Aava#53cript >>"), "pdf_active"),
    "unnamed-packed.pdf": (
        lambda: packed(b"<< /S /Launch >>").replace(b"/ObjStm", b"/#4FbjSt#6d"),
        "pdf_active",
    ),
    "false-start.pdf": (
        lambda: packed(b"<< /S /Launch >>", head=b"/X (stream\n) /Filter /FlateDecode"),
        "pdf_unreadable",
    ),
    "other-packing.pdf": (
        lambda: packed(b"<< >>", head=b"/Filter /LZWDecode").replace(b"\nx\x9c", b"\n\x80\x0b"),
        "pdf_unreadable",
    ),
    "endless.pdf": (lambda: packed(b" " * (32 * 1024 * 1024 + 1)), "pdf_unreadable"),
    "locked.pdf": (
        lambda: pdf(b"trailer << /Root 1 0 R /Encrypt 9 0 R >>"),
        "pdf_unreadable",
    ),
    "cut.pdf": (lambda: pdf(b"x" * 5000)[:4000], "file_damaged"),
    "zip-behind.pdf": (lambda: pdf(b"") + b"PK\x05\x06" + bytes(18), "file_damaged"),
    "rootless.pdf": (lambda: b"%PDF-1.7\n" + bytes(3000) + b"%%EOF", "file_damaged"),
}


def workbook(**parts: bytes) -> bytes:
    """A workbook whose parts (`sheet`, `strings`) are given by hand."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    book.add_worksheet("名单").write(0, 0, "企业名称")
    book.close()
    places = {"sheet": "xl/worksheets/sheet1.xml", "strings": "xl/sharedStrings.xml"}
    return repacked(buffer.getvalue(), {places[k]: v for k, v in parts.items()})


def repacked(whole: bytes, new: dict[str, bytes]) -> bytes:
    """A zip with some parts exchanged or added."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name in old.namelist():
            if name not in new:
                package.writestr(name, old.read(name))
        for name, content in new.items():
            package.writestr(name, content)
    return out.getvalue()


def sheet_xml(rows: bytes, *, before: bytes = b"", dimension: bytes = b"A1") -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        b'<?xml version="1.0" encoding="UTF-8"?>%b<worksheet xmlns="%b"><dimension ref="%b"/>'
        b"<sheetData>%b</sheetData></worksheet>" % (before, space, dimension, rows)
    )


def strings_xml(inner: bytes, *, before: bytes = b"") -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    head = b'<?xml version="1.0" encoding="UTF-8"?>'
    return head + before + b'<sst xmlns="%b">%b</sst>' % (space, inner)


def laughing() -> bytes:
    """Entities of entities: some 10^9 characters where they are expanded."""
    lines = [b'<!ENTITY a0 "haha">']
    lines += [b'<!ENTITY a%d "%b">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    doctype = b"<!DOCTYPE sst [" + b"".join(lines) + b"]>"
    return workbook(strings=strings_xml(b"<si><t>&a9;</t></si>", before=doctype))


def lying_sizes() -> bytes:
    """A workbook of 600 MB of blanks whose directory says it is small."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    blanks = b" " * (400 * 1024 * 1024)
    whole = bytearray(workbook(sheet=sheet_xml(row + blanks)))
    real, told = struct.pack("<I", len(sheet_xml(row + blanks))), struct.pack("<I", 5_000)
    return bytes(whole.replace(real, told))
