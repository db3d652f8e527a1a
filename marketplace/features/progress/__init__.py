"""Enrollment, certification, inspection."""
