"""One folder a feature, all by the same recipe."""
