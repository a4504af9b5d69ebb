"""Errors that a user is told about; each kind has the exit code that the command line ends with.

Anything else that is raised is a bug of ours (exit code 70).
"""

from typing import ClassVar


class LstmcError(Exception):
    """Something went wrong that the user can mend: `message` says what and where, `help` what to do."""

    exit_code: ClassVar[int] = 70

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help

    def __str__(self) -> str:
        return f"error: {self.message}" + (f"\nhelp: {self.help}" if self.help else "")


class FindingsError(LstmcError):
    """A grammar that is wrong, or a proof or check that failed."""

    exit_code = 1


class UsageError(LstmcError):
    """A command or call that asks for what cannot be asked for."""

    exit_code = 2


class InputError(LstmcError):
    """A file or a string that cannot be read or written, or does not mean anything here."""

    exit_code = 3


class LimitError(LstmcError):
    """A stated limit (size, states, precision, alphabet) does not allow what was asked."""

    exit_code = 4


class PluginError(LstmcError):
    """A plugin that is broken, missing or made for another version, or parameters that it does not take."""

    exit_code = 5
