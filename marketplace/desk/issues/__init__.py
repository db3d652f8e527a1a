"""Reports that are frozen when issued: a number, an as-of, and later corrections beside them."""

from marketplace.desk.issues.content import Number, change_of, corrected, differences

__all__ = ["Number", "change_of", "corrected", "differences"]
