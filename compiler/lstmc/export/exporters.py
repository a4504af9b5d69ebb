"""What a plugin offers that writes networks for a framework; docs/plugins.md is the contract in words."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import ClassVar

import numpy as np

from lstmc.errors import InputError, LstmcError, PluginError, UsageError
from lstmc.export.package import Package
from lstmc.export.runtime import Runtime, Worker
from lstmc.extensions import load

GROUP = "lstmc.exporters"


class Exporter(ABC):
    """A format of networks. The entry point names an instance of a class derived from this one.

    title     what it is for, in a few words            suffix    of its files, after the network's name
    writing   modules that must be there to write       install   what to type to install them
    cells     the cell types that it can hold, None for every one
    lacks     number formats that it has not, each with the reason
    language  of its snippet: python, javascript or c
    """

    title: ClassVar[str]
    suffix: ClassVar[str]
    writing: ClassVar[tuple[str, ...]] = ()
    install: ClassVar[str] = ""
    cells: ClassVar[tuple[str, ...] | None] = ("lstm",)
    lacks: ClassVar[Mapping[str, str]] = {}
    language: ClassVar[str] = "python"

    @abstractmethod
    def write(self, package: Package) -> bytes:
        """The file: numbers, read-out and `package.about`, the same bytes for the same package."""

    @abstractmethod
    def snippet(self, package: Package, file: str) -> str:
        """A short program that loads `file` from the current folder without lstmc, and runs `package.example`.

        It ends by printing the symbols that may follow the example, separated by blanks. In Python it defines
        predict(tokens, *state) → logits (B, T, S + 1), for a transducer then outputs (B, T, O), then the state after
        the last symbol, each part (B, H); tokens (B, T) are whole numbers, and no state means the beginning.
        """

    @abstractmethod
    def runtimes(self) -> tuple[Runtime, ...]:
        """The ways in which the file can be run, for `lstmc conform`."""

    def runtimes_on(self, device: str, number_format: str) -> tuple[Runtime, ...]:
        """The ways in which it runs on another device than the processor, each named after device and settings.

        Raises PluginError where the framework sees no such device.
        """
        return ()

    def takes(self, cell: str) -> bool:
        """Whether it can hold networks of that cell type."""
        return self.cells is None or cell in self.cells

    def lacking(self, package: Package, runtime: Runtime | None = None) -> str:
        """Why the format, or one of its runtimes, has not the network's number format; nothing where it has."""
        return {**self.lacks, **(runtime.lacks if runtime else {})}.get(package.format, "")

    def check(self, package: Package) -> None:
        """Raises UsageError for a network that the format cannot hold, InputError for numbers that are not finite, and
        PluginError where something is not installed.
        """
        if not self.takes(package.cell):
            assert self.cells is not None
            raise UsageError(
                f"{self.title} cannot hold the cell type '{package.cell}'",
                f"it takes {', '.join(self.cells)}; torch, onnx, numpy, javascript and c take every cell type",
            )
        if reason := self.lacking(package):
            raise UsageError(
                f"{self.title} cannot hold {package.format}: {reason}",
                "compile in another format (--dtype float32), or export it elsewhere",
            )
        broken = [name for name, numbers in package.network.tensors.items() if not np.isfinite(numbers).all()]
        if broken:
            raise InputError(f"tensor '{broken[0]}' holds what is not a finite number", "compile the grammar again")
        missing = [module for module in self.writing if find_spec(module) is None]
        if missing:
            raise PluginError(f"{self.title}: {', '.join(missing)} is not installed", self.install)

    def start(self, package: Package, runtime: Runtime) -> Worker:
        """The printed snippet at work on the written file. Raises PluginError where that cannot be run."""
        file = f"{package.name}{self.suffix}"
        return Worker(runtime, package, {file: self.write(package)}, self.snippet(package, file))

    @contextmanager
    def importing(self) -> Iterator[None]:
        """For the imports in `write`. What goes wrong there is no bug of ours: raises PluginError."""
        try:
            yield
        except LstmcError:
            raise
        except Exception as error:
            message = f"{self.title} does not work: {type(error).__name__}: {error}"
            raise PluginError(message, f"mend it, or install it anew: {self.install}") from error


def exporter(name: str) -> Exporter:
    """Raises PluginError where there is none of that name, or it does not work."""
    found = load(GROUP, name)
    if not isinstance(found, Exporter):
        raise PluginError(f"the exporter '{name}' is not an lstmc.export.Exporter", "tell the authors of the plugin")
    return found
