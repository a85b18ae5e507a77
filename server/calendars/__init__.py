"""Legal delays: from an event to a due date, with its derivation."""
