"""Jalon: the insertion path of people who receive the RSA, run from diagrams that a département owns."""
