"""Legal delays: units, holidays, start day, suspension, shift; each date comes with its derivation. Pure: time is an argument."""

from server.calendars.calendar import Calendar, calendar_of
from server.calendars.closed_days import REGIONS, Region, holidays_of
from server.calendars.derivation import evaluate
from server.calendars.due import DueDate, due
from server.calendars.french import clock, long_date, short_date
from server.calendars.rules import DelayRule, rule_on
from server.calendars.suspensions import Suspension
from server.calendars.words import Wording, held_in_words, in_words, kept_in_words

__all__ = [
    "REGIONS",
    "Calendar",
    "DelayRule",
    "DueDate",
    "Region",
    "Suspension",
    "Wording",
    "calendar_of",
    "clock",
    "due",
    "evaluate",
    "held_in_words",
    "holidays_of",
    "in_words",
    "kept_in_words",
    "long_date",
    "rule_on",
    "short_date",
]
