"""Let a fuzzer that sees which lines run look for files that our readers stumble over (Atheris: pip install atheris).

    python benchmarks/fuzz.py yaml -max_total_time=60             a format of grammars
    python benchmarks/fuzz.py weights -runs=100000 -seed=1        the loader of weights files
    python benchmarks/fuzz.py dot crash-1234                      one file again

What follows the target goes to libFuzzer. The corpus is made of the project's own files, right and wrong ones, and kept
in a folder of its own while the fuzzer runs. What it finds is printed, and written to crash-…; it becomes a test: a
grammar file goes to tests/errors, with what is said about it beside it.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

with atheris.instrument_imports(
    include=["lstmc", "lstmc_att", "lstmc_dot", "lstmc_graphml", "lstmc_jflap", "lstmc_json"]
):
    import damaged_weights
    from readers import corpus, formats

    from lstmc.errors import LstmcError
    from lstmc.extensions import extensions
    from lstmc.network.weights_file import from_bytes
    from lstmc.testing.mutation import READ, REFUSED, judge

    extensions("lstmc.formats", load=True)

WEIGHTS = "weights"


class FoundError(Exception):
    """What is wrong with how a file was taken."""


def main() -> None:
    targets = [*formats(), WEIGHTS]
    if len(sys.argv) < 2 or sys.argv[1] not in targets:
        raise SystemExit(f"{__doc__}\nTargets: {', '.join(targets)}")
    target = sys.argv.pop(1)
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(seeds(target)):
            (Path(folder) / f"{number:04}").write_bytes(data)
        one_file = any(not argument.startswith("-") for argument in sys.argv[1:])
        atheris.Setup([*sys.argv, *([] if one_file else [folder])], weights if target == WEIGHTS else reader(target))
        atheris.Fuzz()


def seeds(target: str) -> list[bytes]:
    if target == WEIGHTS:
        return [damaged_weights.subject(number)[0] for number in range(len(damaged_weights.SUBJECTS))]
    return [text.encode("utf-8", "replace") for text in dict.fromkeys(corpus(target))]


def reader(format: str) -> Callable[[bytes], None]:
    def one_input(data: bytes) -> None:
        said = judge(data.decode("utf-8", "replace"), format)
        if said not in (READ, REFUSED):
            raise FoundError(said)

    return one_input


def weights(data: bytes) -> None:
    try:
        network = from_bytes(data)
    except LstmcError:
        return
    if network.to_bytes() not in seeds(WEIGHTS):
        raise FoundError("accepted, but none of ours")


if __name__ == "__main__":
    main()
