"""Does an exporter keep the contract?"""

from collections.abc import Iterator

from lstmc.errors import LstmcError, UsageError
from lstmc.export.conform import conform
from lstmc.export.exporters import exporter
from lstmc.export.package import Package
from lstmc.pipeline import compile
from lstmc.testing.samples import samples

LENGTH = 1_000  # symbols of the longest string that each runtime reads
RUN = ("reber", "mealy", "nasty")  # the samples that are run: a process for each takes long


def exporter_breaches(name: str) -> list[str]:
    """Every breach of an exporter that is found, and not refused."""
    return list(_breaches(name))


def _breaches(name: str) -> Iterator[str]:
    chosen = exporter(name)
    for word in ("title", "suffix"):
        if not getattr(chosen, word, ""):
            yield f"`{word}` is not stated"
            return
    for grammar in samples():
        network = compile(grammar)
        package = Package(network)
        try:
            chosen.check(package)
            file = f"{network.name}{chosen.suffix}"
            if chosen.write(package) != chosen.write(Package(network)):
                yield f"{grammar.name}: written a second time, the bytes are others"
            if file not in chosen.snippet(package, file):
                yield f"{grammar.name}: the program does not name the file"
        except UsageError:
            continue  # what it cannot hold
        except LstmcError as error:
            yield f"{grammar.name}: {error.message}"
            continue
        if grammar.name in RUN:
            for result in conform(network, [name], length=LENGTH):
                if result.outcome in ("differs", "broken"):
                    yield f"{grammar.name} in {result.runtime}: {result.problem}"
