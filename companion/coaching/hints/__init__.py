"""Hints: watches that find what would be better, and the desk that decides which is said."""
