"""Listings and featured collections."""
