"""What others, and we, add to lstmc: found through entry points, loaded when first asked for.

    [project.entry-points."lstmc.grammars"]         a package says what it brings, and under which name
    embedded-reber = "lstmc_reber:embedded_reber"

    LSTMC_API = 1                                   its module, or a package above it, says for which contract

An extension that is broken, made for another version of the contract, or named like one that is there already stays in
the list with the reason, and disturbs nothing else. The contract is one page: docs/plugins.md.
"""

import importlib
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import lru_cache
from traceback import walk_tb
from typing import TYPE_CHECKING, ClassVar, Literal, TypeVar

from lstmc.did_you_mean import did_you_mean
from lstmc.errors import LimitError, LstmcError, PluginError
from lstmc.limits import Limits
from lstmc.names import FITTING, is_name
from lstmc.within import within

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

LSTMC_API = 1  # the version of the contract that this lstmc offers, and the only one that it takes
OURS = "lstmc"  # our own distribution: its names are taken first

GROUPS = {  # what each kind of extension is for; a group that nobody has filled is empty, and no error
    "lstmc.grammars": "grammars that are made, not written",
    "lstmc.formats": "file formats of grammars",
    "lstmc.cells": "types of network cell",
    "lstmc.exporters": "formats of networks",
}

ONLY_OURS = "LSTMC_NO_PLUGINS"  # set in the environment to leave out what other packages bring; `--no-plugins` sets it

Made = TypeVar("Made")
State = Literal["found", "loaded", "refused"]


@dataclass(frozen=True)
class PluginLimits(Limits):
    """How long a plugin may take to be imported, or to make a grammar; LSTMC_MAX_PLUGIN_SECONDS moves it."""

    variables: ClassVar[str] = "LSTMC_MAX_PLUGIN"

    seconds: int = 10


@dataclass(frozen=True)
class Extension:
    """One extension and its state: `found` (not asked for yet), `loaded`, or `refused` for the reason in `problem`."""

    name: str
    group: str
    package: str  # the distribution that brings it
    version: str  # of that distribution
    target: str  # module:attribute
    state: State = "found"
    problem: str = ""


def extensions(group: str, load: bool = False) -> tuple[Extension, ...]:
    """Every extension of a group, sorted by name, with those that are refused.

    Nothing is imported unless `load` is true; then each is tried, and only its state tells whether it works.
    """
    found = sorted(_settle(group), key=lambda extension: extension.name)  # a stable sort: who has the name comes first
    return tuple(_try(extension) if load else extension for extension in found)


def load(group: str, name: str) -> object:
    """The object behind a name. Raises PluginError where there is none of that name or it does not work."""
    found = extensions(group)
    extension = next((each for each in found if each.name == name), None)  # the first of a name is the one that has it
    if extension is None:
        known = [each.name for each in found]
        hint = did_you_mean(name, known) or ("there are: " + ", ".join(known) if known else "none is installed")
        raise PluginError(f"no plugin is called '{name}' ({group})", hint)
    loaded, problem = (None, extension.problem) if extension.problem else _import(extension)
    if problem:
        package = f"{extension.package} {extension.version}"
        raise PluginError(
            f"'{name}' ({group}, from package {package}) does not work: {problem}",
            f"update or uninstall {extension.package}, or tell its authors",
        )
    return loaded


def run_plugin(work: Callable[[], Made], what: str) -> Made:
    """What foreign code returns, or raises; `what` names it. Raises LimitError where it takes too long.

    What it prints goes to standard error: standard output holds our results, which a program may read.
    """
    with redirect_stdout(sys.stderr):
        return within(PluginLimits.from_environment().seconds, work, what, PluginLimits.way_out("seconds"))


@contextmanager
def only_ours() -> Iterator[None]:
    """As if no package but our own were installed; in processes that are started meanwhile too."""
    before = os.environ.get(ONLY_OURS)
    os.environ[ONLY_OURS] = "1"
    try:
        yield
    finally:
        del os.environ[ONLY_OURS]
        if before is not None:
            os.environ[ONLY_OURS] = before


def _settle(group: str) -> list[Extension]:
    """Give each name to one extension: ours first, then by the name of the package; the others are refused."""
    taken = _taken_by_files(group)
    settled = []
    for extension in sorted(_scan(group), key=lambda e: (e.package != OURS, e.package.casefold(), e.name)):
        problem = extension.problem
        if not problem and not is_name(extension.name):
            problem = f"the name is not one that a file can have everywhere: {FITTING}"
        if not problem and extension.name in taken:
            problem = f"the name '{extension.name}' is taken by {taken[extension.name]}"
        taken.setdefault(extension.name, f"package {extension.package}")
        settled.append(replace(extension, state="refused", problem=problem) if problem else extension)
    return settled


def _taken_by_files(group: str) -> dict[str, str]:
    if group != "lstmc.grammars":
        return {}
    from lstmc.shipped import shipped

    return dict.fromkeys(shipped(), "a grammar file that comes with lstmc")


def _scan(group: str) -> tuple[Extension, ...]:
    """Every entry point of a group. Looking takes some 20 ms: we look again only where something may have changed."""
    return _look(group, bool(os.environ.get(ONLY_OURS)), tuple((entry, _changed(entry)) for entry in sys.path))


def _changed(entry: str) -> int:
    """When something was last installed into, or removed from, a folder of the path; 0 where it is none."""
    try:
        return os.stat(entry or ".").st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=len(GROUPS))
def _look(group: str, only_ours: bool, path: tuple[tuple[str, int], ...]) -> tuple[Extension, ...]:
    return tuple(_points(group, only_ours))


def _points(group: str, only_ours: bool) -> Iterator[Extension]:
    from importlib.metadata import distributions  # takes some 20 ms: not for `lstmc --help`

    seen = set()
    for distribution in distributions():
        text = _text(distribution)
        if group not in text:
            continue
        package, version = _who(distribution)
        if only_ours and package != OURS:
            continue
        normal = re.sub(r"[-_.]+", "-", package).casefold()
        if normal in seen:  # the same package a second time, later on the path: hidden, as for Python itself
            continue
        seen.add(normal)
        try:
            points = tuple(distribution.entry_points.select(group=group))
        except Exception as error:
            yield Extension(package, group, package, version, "", "refused", f"unreadable entry points: {told(error)}")
            continue
        for point in points:
            yield Extension(point.name, group, package, version, point.value)


def _text(distribution: "Distribution") -> str:
    try:
        return distribution.read_text("entry_points.txt") or ""
    except (OSError, UnicodeDecodeError):
        return ""


def _who(distribution: "Distribution") -> tuple[str, str]:
    """Name and version; a package may lack its metadata, which Pythons answer in different ways."""
    try:
        name, version = distribution.metadata["Name"], distribution.metadata["Version"]
    except Exception:
        return "unknown", "unknown"
    return name or "unknown", version or "unknown"


def _try(extension: Extension) -> Extension:
    problem = extension.problem or _import(extension)[1]
    return replace(extension, state="refused" if problem else "loaded", problem=problem)


def _import(extension: Extension) -> tuple[object, str]:
    """The object, and why it must not be used. Python keeps what is imported, so the second time costs nothing."""
    from importlib.metadata import EntryPoint

    point = EntryPoint(extension.name, extension.target, extension.group)
    PluginLimits.from_environment()  # a wrong limit is no fault of the plugin
    try:
        is_ours = extension.package == OURS
        loaded: object = point.load() if is_ours else run_plugin(point.load, f"importing {extension.target}")
    except LimitError as error:
        return None, error.message
    except (Exception, SystemExit) as error:  # whatever a foreign module does when imported is its own fault
        return None, f"importing {extension.target} failed: {told(error)}"
    return loaded, _other_version(point)


def _other_version(point: "EntryPoint") -> str:
    """Why the module is not made for this contract; nothing where it is."""
    parts = point.module.split(".")
    for length in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:length]))
        version = getattr(module, "LSTMC_API", None)
        if version is not None:
            return "" if version == LSTMC_API else f"made for LSTMC_API {version!r}; this lstmc offers {LSTMC_API}"
    return f"module {point.module} does not state LSTMC_API; this lstmc offers {LSTMC_API}"


def told(error: BaseException) -> str:
    """What foreign code raised, and in which of its lines."""
    return error.message if isinstance(error, LstmcError) else f"{type(error).__name__}: {error}{_line_of(error)}"


def _line_of(error: BaseException) -> str:
    """The last line of the first file that is neither ours nor of Python's import system, if there is one."""
    passed_by = ("<", os.path.dirname(__file__), os.path.dirname(importlib.__file__))
    frames = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    foreign = [(file, line) for file, line in frames if not file.startswith(passed_by)]
    lines = [line for file, line in foreign if file == foreign[0][0]]
    return f" (line {lines[-1]} of {os.path.basename(foreign[0][0])})" if lines else ""
