"""The assembled product, as verbs import it."""

from server.access.jalon import Jalon, assemble

__all__ = ["Jalon", "assemble"]
