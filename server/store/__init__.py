"""Keeps everything in one SQL database, SQLite or PostgreSQL; the only module that speaks SQLAlchemy."""

from server.store.database import Database, open_database
from server.store.work import Work, glancing, reading, unit_of_work

__all__ = ["Database", "Work", "glancing", "open_database", "reading", "unit_of_work"]
