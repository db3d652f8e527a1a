"""Files made to harm, each with the code it is refused with."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import xlsxwriter
from PIL import Image, ImageDraw


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
    "tiff.jpg": (lambda: picture("TIFF"), "file_kind_unknown"),
    "gif.jpg": (lambda: picture("GIF"), "file_kind_unknown"),
    "page.png": (lambda: b"<html><script>alert(1)</script>", "file_kind_unknown"),
    "drawing.png": (lambda: b"<svg xmlns='x' onload='alert(1)'/>", "file_kind_unknown"),
    "program.jpg": (lambda: b"MZ\x90\x00" + bytes(500), "file_kind_unknown"),
    "phone.heic": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(400), "file_heic"),
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
    """A workbook of 30 MB of blanks whose directory says it is small."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>'
    sheet = sheet_xml(row + b" " * (30 * 1024 * 1024))
    real, told = struct.pack("<I", len(sheet)), struct.pack("<I", 5_000)
    return workbook(sheet=sheet).replace(real, told)


def bomb() -> bytes:
    """A workbook that says it unpacks to 301 MB."""
    whole = workbook(sheet=sheet_xml(b" " * 3_000_000))
    size = len(sheet_xml(b" " * 3_000_000))
    return whole.replace(struct.pack("<I", size), struct.pack("<I", 301 * 1024**2))


def in_first_row(cell: bytes) -> bytes:
    return workbook(sheet=sheet_xml(b'<row r="1">' + cell + b"</row>"))


_OUTSIDE = b'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_FAR = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_UTF8 = "企业名称,代码\n莆田市青榕鞋厂,1\n".encode()
_GB18030 = "莆田市白榕鞋厂有限责任公司,2\n".encode("gb18030")

# name → how it is made, the code, and the place and limits it tells
TABLES: dict[str, tuple[Callable[[], bytes], str, dict[str, object]]] = {
    "laughs.xlsx": (laughing, "sheet_broken", {}),
    "outside.xlsx": (
        lambda: workbook(strings=strings_xml(b"<si><t>&x;</t></si>", before=_OUTSIDE)),
        "sheet_broken",
        {},
    ),
    "bomb.xlsx": (bomb, "sheet_bomb", {"limit": 300}),
    "lying.xlsx": (lying_sizes, "sheet_broken", {}),
    "parts.xlsx": (
        lambda: repacked(workbook(), {f"x/{n}": b"" for n in range(2_100)}),
        "sheet_bomb",
        {},
    ),
    "outward.xlsx": (lambda: repacked(workbook(), {"../../evil": b""}), "sheet_broken", {}),
    "far-row.xlsx": (
        lambda: workbook(sheet=sheet_xml(_FAR)),
        "sheet_too_many_rows",
        {"row": 1_048_576, "limit": 200_000},
    ),
    "far-column.xlsx": (
        lambda: in_first_row(b'<c r="XFD1"><v>1</v></c>'),
        "sheet_too_many_columns",
        {"row": 1, "count": 16_384, "limit": 200},
    ),
    "no-such-string.xlsx": (
        lambda: in_first_row(b'<c r="A1" t="s"><v>99999999</v></c>'),
        "sheet_broken",
        {},
    ),
    "long-text.xlsx": (
        lambda: workbook(strings=strings_xml(b"<si><t>" + b"x" * 9_000_000 + b"</t></si>")),
        "sheet_cell_too_long",
        {"row": 1, "column": "A"},
    ),
    "open-tags.xlsx": (
        lambda: workbook(sheet=sheet_xml(b"<a>" * 500_000)),
        "sheet_empty",
        {},
    ),
    "cut.xlsx": (lambda: workbook()[:2_000], "sheet_broken", {}),
    "old.xlsx": (lambda: _OLE + bytes(600), "sheet_old_xls", {}),
    "locked.xlsx": (
        lambda: _OLE + "EncryptedPackage".encode("utf-16-le"),
        "sheet_encrypted",
        {},
    ),
    "picture.xlsx": (lambda: picture("PNG"), "sheet_other_kind", {"kind": "png"}),
    "page.csv": (lambda: b"<html><table>", "sheet_other_kind", {"kind": "html"}),
    "one-line.csv": (
        lambda: b"x" * 19_000_000,
        "sheet_cell_too_long",
        {"row": 1, "column": "A"},
    ),
    "50-mb-line.csv": (lambda: b"x" * 50_000_000, "sheet_too_large", {"limit": 20}),
    "long-cell.csv": (
        lambda: b"a,b\n1," + b"x" * 40_000,
        "sheet_cell_too_long",
        {"row": 2, "column": "B"},
    ),
    "zero.csv": (
        lambda: b"name,code\na,1\nb,\x002\n",
        "sheet_cell_zero",
        {"row": 3, "column": "B"},
    ),
    "zeros.csv": (lambda: b"a,b\n" + bytes(100_000), "sheet_other_kind", {"kind": "binary"}),
    "open-quote.csv": (
        lambda: b'a,b\n"1,2\n' + b"3,4\n" * 50_000,
        "sheet_broken_row",
        {"row": 2},
    ),
    "mixed.csv": (lambda: _UTF8 + _GB18030, "sheet_encoding_mixed", {"row": 3}),
    "half-characters.csv": (
        lambda: b"\xff\xfe" + b"\xd8" * 1_001,
        "sheet_encoding_unknown",
        {},
    ),
    "10000-columns.csv": (
        lambda: b"a,b\n" + b"x," * 10_000,
        "sheet_too_many_columns",
        {"row": 2, "count": 10_001, "limit": 200},
    ),
    "rows.csv": (
        lambda: b"1\n" * 200_001,
        "sheet_too_many_rows",
        {"row": 200_001, "limit": 200_000},
    ),
    "cells.csv": (lambda: (b"," * 199 + b"\n") * 40_000, "sheet_too_many_cells", {}),
}
