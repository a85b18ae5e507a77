"""Facts to frames for the replay screen; the export of a chain and its verification, which also works alone."""

from server.replay.exporting import export_lines
from server.replay.frames import Frame, frames, steps
from server.replay.reexecute import Comparison, Divergence, Recorded, reexecute
from server.replay.tables import DecisionWords, RuleWords, decision_words
from server.replay.verifying import Verification, verify_export

__all__ = [
    "Comparison",
    "DecisionWords",
    "Divergence",
    "Frame",
    "Recorded",
    "RuleWords",
    "Verification",
    "decision_words",
    "export_lines",
    "frames",
    "reexecute",
    "steps",
    "verify_export",
]
