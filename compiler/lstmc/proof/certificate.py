"""Certificates: what was proved of a network, under which contracts, with everything that a checker needs."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from lstmc.canonical import canonical
from lstmc.errors import InputError
from lstmc.files import read_bytes, write_bytes
from lstmc.proof.boxes import Boxes

FORMAT = 2

Kind = Literal["every-length", "bounded", "refused"]


@dataclass(frozen=True)
class Verdict:
    """What is proved under one contract.

    kind            right on strings of every length; right while a count stays below `bound`; or refused
    bound, counts   of a bounded verdict: how often what may happen
    reason          of a refusal: which cell, which configuration, which symbol, and what would help
    margin          the smallest distance of any decision of the reader from the other decision
    probabilities   the largest error of a probability, None where there are none
    """

    contract: str
    kind: Kind
    bound: int | None = None
    counts: str | None = None
    reason: str | None = None
    margin: float | None = None
    probabilities: float | None = None
    boxes: Boxes | None = None

    @property
    def says(self) -> str:
        """The verdict in words."""
        details = {"refused": self.reason, "bounded": self.counts}
        return self.kind.replace("-", " ") + (f": {details[self.kind]}" if self.kind in details else "")

    def __str__(self) -> str:
        return f"{self.contract}: {self.says}"

    def summary(self) -> dict[str, Any]:
        """The verdict as `lstmc compile --json` prints it."""
        return {"verdict": self.kind, "bound": self.bound, "counts": self.counts, "margin": self.margin}

    def to_dict(self) -> dict[str, Any]:
        """The verdict as the certificate holds it; what is counted is not said, since a checker finds it out."""
        if self.boxes is None:
            return {"verdict": self.kind, "reason": self.reason}
        boxes = self.boxes
        return {
            "verdict": self.kind,
            "bound": self.bound,
            "margin": self.margin,
            "probabilities": self.probabilities,
            "boxes": [
                {name: {state: list(ends) for state, ends in of.items()} for name, of in (("on", b.on), ("off", b.off))}
                for b in (boxes.rewritten, boxes.kept)
            ],
            "entry": list(boxes.entry),
            "entry_off": list(boxes.entry_off),
            "drift": boxes.drift,
            "rise": boxes.rise,
        }


@dataclass(frozen=True)
class Certificate:
    """The verdicts, and `data`: the whole certificate as the file holds it."""

    data: dict[str, Any]
    verdicts: dict[str, Verdict]

    def to_bytes(self) -> bytes:
        """Canonical JSON; the same proof gives the same bytes."""
        return canonical(self.data)

    def save(self, path: str | Path) -> None:
        """Write the file whole or not at all. Raises InputError where that fails."""
        write_bytes(Path(path), self.to_bytes())


def load_certificate(path: str | Path) -> dict[str, Any]:
    """The data of a certificate file. Raises InputError where it is none."""
    try:
        data = json.loads(read_bytes(Path(path)))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no certificate ({error})", "compile the grammar again") from error
    if not isinstance(data, dict):
        raise InputError(f"{path}: is no certificate", "compile the grammar again")
    return data
