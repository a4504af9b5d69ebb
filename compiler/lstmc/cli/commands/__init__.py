"""One file for each command of lstmc, found by its name.

A file holds a click command called `command`, whose function returns the exit code, or None for 0. It is imported
whenever help is shown, so it imports what takes time (numpy, networkx, rich) inside its functions.
"""
