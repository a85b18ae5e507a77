"""FEEL (DMN 1.5, chapter 10): text to closure."""
