"""Write a network for a framework."""

from pathlib import Path

from lstmc.export.exporter import exporter
from lstmc.export.package import Package
from lstmc.files import write_bytes
from lstmc.network import Network


def export_network(
    network: Network, to: str, file: str | Path | None = None, proof: bytes | None = None, quantize: bool = False
) -> str:
    """Write a network for the framework `to`, and return the snippet that loads the file there.

    file       the file; NAME.SUFFIX in the current folder where not given
    proof      the bytes of its certificate, whose digest goes with it
    quantize   whether the weights become int8

    Raises PluginError for an exporter that is not there or lacks its framework, UsageError for what the format cannot
    hold, LimitError for a network too large for it, and InputError where the file cannot be written.
    """
    from lstmc.canonical import digest

    chosen = exporter(to)
    package = Package(network, digest(proof) if proof is not None else None, quantize)
    chosen.check(package)
    path = Path(file) if file is not None else Path(f"{network.name}{chosen.suffix}")
    write_bytes(path, chosen.write(package))
    return chosen.snippet(package, path.name)
