"""Packages: read, hash, lint, compare; the effective parameters of a territory on a day."""
