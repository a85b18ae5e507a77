"""The benches: figures as ratios inside one run; `make bench` prints them as one table."""
