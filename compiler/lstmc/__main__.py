"""`python -m lstmc` is the same as `lstmc`."""

from lstmc.cli import main

main()
