"""The verbs that write: one file, one transaction each."""
