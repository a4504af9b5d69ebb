"""The command line. A command is a file in lstmc.cli.commands; what several of them share stands beside that folder."""

from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code (docs/cli.md); `arguments` are those of the shell unless given."""
    try:
        from lstmc.cli.group import lstmc
    except KeyboardInterrupt:  # while Python was still importing
        raise SystemExit(130) from None
    lstmc.main(arguments)
