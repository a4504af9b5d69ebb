"""Write a network for a framework."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lstmc.canonical import digest
from lstmc.errors import FindingsError, UsageError
from lstmc.export.exporters import exporter
from lstmc.export.hub import HUB, SUFFIX, hub_files, loading
from lstmc.export.package import Package
from lstmc.files import write_all, write_bytes
from lstmc.network import Network
from lstmc.proof.checker import Verdict, verify


@dataclass(frozen=True)
class Exported:
    """What was written: the file, how many bytes it has, and the program that loads it in its framework."""

    file: Path
    size: int
    snippet: str


def export_network(
    network: Network, to: str, file: str | Path | None = None, proof: bytes | None = None, quantize: bool = False
) -> Exported:
    """Write a network for the framework `to`, or with "hub" a folder for model hubs.

    file       NAME and the framework's suffix, in the current folder, where not given
    proof      the bytes of the network's certificate, whose digest goes with it, once the checker has found no fault;
               a folder holds it whole
    quantize   whether the weights become int8

    Raises FindingsError for a proof that does not hold, PluginError for an exporter that is not there or lacks its
    framework, UsageError for what the format cannot hold, LimitError for a network too large for it,
    and InputError where the file cannot be written.
    """
    chosen = None if to == HUB else exporter(to)
    found = None if proof is None else verify(network.to_bytes(), proof)
    if found is not None and found.violations:
        raise FindingsError(
            f"the proof of '{network.name}' does not hold: {found.violations[0]}",
            "`lstmc verify` tells everything; compile the grammar again, or export without the proof",
        )
    package = Package(network, None if proof is None else digest(proof), quantize)
    if chosen is None:
        return _folder(package, file, proof, [] if found is None else found.verdicts)
    chosen.check(package)
    path = Path(f"{network.name}{chosen.suffix}") if file is None else Path(file)
    data = chosen.write(package)
    write_bytes(path, data)
    return Exported(path, len(data), chosen.snippet(package, path.name))


def _folder(package: Package, file: str | Path | None, proof: bytes | None, verdicts: Sequence[Verdict]) -> Exported:
    if package.quantize:
        raise UsageError("a folder for model hubs holds the weights as they are compiled", "leave out --int8")
    folder = Path(f"{package.name}{SUFFIX}") if file is None else Path(file)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file, and a folder is to be written", "give -o the name of a folder")
    files = {folder / name: data for name, data in hub_files(package, proof, verdicts).items()}
    write_all(files)
    return Exported(folder, sum(len(data) for data in files.values() if data is not None), loading(folder, package))
