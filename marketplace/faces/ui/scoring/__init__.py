"""Parts that show the compliance score."""
