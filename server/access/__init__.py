"""From an id and an actor to a row, or NotFound or Forbidden; the only such way."""

from server.access.finding import case_to_read, instance_to_steer, task_to_assign, task_to_read, task_to_work
from server.access.jalon import Jalon
from server.access.permissions import Permission, allows, require

__all__ = [
    "Jalon",
    "Permission",
    "allows",
    "case_to_read",
    "instance_to_steer",
    "require",
    "task_to_assign",
    "task_to_read",
    "task_to_work",
]
