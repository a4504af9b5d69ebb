"""`python -m lstmc` is the same as `lstmc`."""

import sys

if not sys.flags.safe_path:
    del sys.path[0]  # the current folder, put there by `-m`: whoever fills it must not bring us plugins or modules

from lstmc.cli import main

main()
