"""What the product costs, measured from outside: whole processes, several runs, medians, written to `results/`."""
