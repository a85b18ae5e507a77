"""From an id and an actor to a row, or NotFound; the only such way."""
