"""Takes the register out as tables that can be read, corrected and imported again."""

from marketplace.exchange.exporting.commands import ExportStamp, record_export
from marketplace.exchange.exporting.content import ExportTable, export_table
from marketplace.exchange.exporting.wanted import ExportFilter
from marketplace.exchange.exporting.writing import FileForm, write_export

__all__ = [
    "ExportFilter",
    "ExportStamp",
    "ExportTable",
    "FileForm",
    "export_table",
    "record_export",
    "write_export",
]
