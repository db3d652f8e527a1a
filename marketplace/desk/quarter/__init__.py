"""The quarterly report: sentences first, then figures with their tables, then how all is counted."""
