"""Runs processes: one pure function, advance; nothing else in Jalon moves an instance."""
