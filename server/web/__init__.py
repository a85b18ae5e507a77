"""HTTP: pages, forms and the JSON API."""

from server.web.application import make_web

__all__ = ["make_web"]
