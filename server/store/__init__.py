"""Tables, repositories and the unit of work; the only module that knows SQL."""
