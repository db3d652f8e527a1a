"""Brands, trademarks, products and their verification."""
