"""Runs stories and decision cases on packages, without a database, and tells what no story crosses."""

from server.scenarios.checking import Report, check_packages
from server.scenarios.coverage import Coverage, coverage_of
from server.scenarios.library import Library, read_library
from server.scenarios.playing import Played, play
from server.scenarios.story import Story, read_story
from server.scenarios.tables import CasesRun, run_tables
from server.scenarios.trying import Trial, read_stories, try_package

__all__ = [
    "CasesRun",
    "Coverage",
    "Library",
    "Played",
    "Report",
    "Story",
    "Trial",
    "check_packages",
    "coverage_of",
    "play",
    "read_library",
    "read_stories",
    "read_story",
    "run_tables",
    "try_package",
]
