"""DMN decisions: tables, requirement graphs, and the trace of what was decided."""
