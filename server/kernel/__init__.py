"""The words of the domain: ids, actors, clock, facts, values and errors; imports nothing of ours."""
