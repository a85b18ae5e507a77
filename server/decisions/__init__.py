"""DMN 1.1 to 1.5: tables and decisions that answer with the trace of what they did."""

from server.decisions.cases import CaseResult, CasesReport, run_cases
from server.decisions.findings import Finding
from server.decisions.model import Model, Outcome, load
from server.decisions.writing import to_json

__all__ = ["CaseResult", "CasesReport", "Finding", "Model", "Outcome", "load", "run_cases", "to_json"]
