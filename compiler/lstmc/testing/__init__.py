"""The contract of plugins (docs/plugins.md) as a test, for those who write one:

    from lstmc.testing import assert_conforms

    def test_the_plugin():
        assert_conforms("lstmc.grammars", "repeat")

The package must be installed (`pip install -e .`), since the entry point is tested too.
"""

from collections.abc import Callable

from lstmc.errors import UsageError
from lstmc.extensions import extensions

__all__ = ["assert_conforms", "breaches"]


def assert_conforms(group: str, name: str) -> None:
    """Raises AssertionError with every way in which a plugin breaks the contract.

    group  `lstmc.grammars`, `lstmc.formats`, `lstmc.cells` or `lstmc.exporters`     name  of the entry point
    """
    found = breaches(group, name)
    assert not found, f"{name} ({group}):\n" + "\n".join(f"  {each}" for each in found)


def breaches(group: str, name: str) -> list[str]:
    """Every way in which a plugin breaks the contract, in words; [] where it keeps it.

    Raises UsageError for a group that has no contract.
    """
    from lstmc.testing.cells import cell_breaches
    from lstmc.testing.exporters import exporter_breaches
    from lstmc.testing.formats import format_breaches
    from lstmc.testing.grammars import grammar_breaches

    kinds: dict[str, Callable[[str], list[str]]] = {
        "lstmc.grammars": grammar_breaches,
        "lstmc.formats": format_breaches,
        "lstmc.cells": cell_breaches,
        "lstmc.exporters": exporter_breaches,
    }
    if group not in kinds:
        raise UsageError(f"there is no test for plugins of '{group}'", f"there is one for {', '.join(kinds)}")
    listed = [extension for extension in extensions(group, load=True) if extension.name == name]
    if not listed:
        return ["no package that is installed has an entry point of that name"]
    if listed[0].problem:
        return [listed[0].problem]
    return kinds[group](name)
