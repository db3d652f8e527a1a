"""Listings drawn at random by the rate of their category, and what was seen of each."""
