"""合规评价分: current conduct in one number, for the owner and his officer; it never leaves the house."""
