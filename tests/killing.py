"""Kill `lstmc compile` at a random moment, and look at what it leaves."""

import subprocess
import sys
import time
from pathlib import Path
from random import Random

from lstmc.cli.sources import certificate_of
from lstmc.errors import InputError
from lstmc.network import Network, load

FILES = ("reber.safetensors", "reber.proof.json")
LEVELS = (1, 2)  # two that give different files: one stands there, the other is being written
PATIENCE = 60.0  # seconds for a compile that is not killed


class Compiles:
    """Two ways of compiling one grammar into one folder: what each writes, and how long it takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "build"
        self.written: dict[int, tuple[bytes, ...]] = {}
        began = time.monotonic()
        for level in LEVELS:
            self.start(level).wait(PATIENCE)
            self.written[level] = tuple((self.folder / name).read_bytes() for name in FILES)
        self.seconds = (time.monotonic() - began) / len(LEVELS)

    def start(self, level: int) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "lstmc", "compile", "reber", f"-O{level}", "-o", str(self.folder)]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_one(self, rng: Random) -> str:
        """Put one pair of files there, kill a compile that would write the other; what is left.

        One time in two the moment is any; else it is just when the first file has begun to be written.
        """
        old, new = rng.sample(LEVELS, 2)
        for path in self.folder.iterdir():
            path.unlink()
        for name, data in zip(FILES, self.written[old], strict=True):
            (self.folder / name).write_bytes(data)
        process = self.start(new)
        self._wait(process, rng)
        process.kill()
        process.wait(PATIENCE)
        return self.left(old, new)

    def _wait(self, process: "subprocess.Popen[bytes]", rng: Random) -> None:
        if rng.random() < 0.5:
            time.sleep(rng.uniform(0, 1.1 * self.seconds))
            return
        until = time.monotonic() + PATIENCE
        while len(list(self.folder.iterdir())) == len(FILES) and process.poll() is None and time.monotonic() < until:
            pass
        time.sleep(rng.choice((0, 0, 1e-4, 1e-3, 3e-3)))

    def left(self, old: int, new: int) -> str:
        """`old` or `new`, as both files are, or `mixed, and told`; what is wrong with them, where something is."""
        ages = []
        for number, name in enumerate(FILES):
            path = self.folder / name
            if not path.exists():
                return f"{name} is lost"
            data = path.read_bytes()
            if data not in (self.written[old][number], self.written[new][number]):
                return f"{name} is neither the old file nor the new one: {len(data)} bytes"
            ages.append("old" if data == self.written[old][number] else "new")
        network = load(self.folder / FILES[0])
        return ages[0] if len(set(ages)) == 1 else _told(network, self.folder / FILES[0])


def _told(network: Network, weights: Path) -> str:
    """That what stands beside the weights is the proof of others, as every reader of proofs tells."""
    try:
        certificate_of(network, weights)
    except InputError:
        return "mixed, and told"
    return "mixed, and taken for a pair"
