"""Stories run on packages without a database, and what they cover."""
