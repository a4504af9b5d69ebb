"""Altered weights and certificates with digests made right: refused, or equal in meaning.

benchmarks/mutated_networks.py tries many more.
"""

from collections import Counter

import altered_files
import pytest
from altered_files import EQUAL, JUDGES, REFUSED, SUBJECTS, put_together, subject, taken_apart

from lstmc.network import from_bytes
from lstmc.proof.checker import Findings, Verdict, verify

COUNT = 80
BELIEVED = [Verdict("float32", "every-length", margin=1e9)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", JUDGES)
def test_what_is_altered_is_refused_or_means_the_same(kind: str) -> None:
    said = Counter(JUDGES[kind](seed) for seed in range(COUNT))
    assert set(said) == {REFUSED, EQUAL}
    assert min(said.values()) > COUNT / 10


@pytest.mark.slow
def test_digests_are_made_right() -> None:
    for number in range(len(SUBJECTS)):
        found = subject(number)
        again = put_together(*taken_apart(found.weights))
        assert from_bytes(again).to_bytes() == from_bytes(found.weights).to_bytes()
        header, table, numbers = taken_apart(found.weights)
        header["compiler"] = "another"
        weights = put_together(header, table, numbers)
        network = found.certificate["network"] | altered_files.names(weights)
        certificate = altered_files.to_json(found.certificate | {"network": network})
        assert verify(weights, certificate).violations == []
        assert from_bytes(weights).header.compiler == "another"


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("weights", "accepted, but wrong after"),
        ("weights", "the checker alone accepts it"),
        ("certificates", "claimed"),
    ],
)
def test_a_checker_that_accepts_everything_is_noticed(kind: str, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does one that believes every claim."""

    def believe(weights: bytes, certificate: bytes) -> Findings:
        findings = verify(weights, certificate)
        return findings if not findings.violations else Findings([], BELIEVED)

    for number in range(len(SUBJECTS)):
        subject(number)
    monkeypatch.setattr(altered_files, "verify", believe)
    assert any(what in JUDGES[kind](seed) for seed in range(60))


def test_an_answer_that_is_no_error_of_ours_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(weights: bytes, certificate: bytes) -> Findings:
        raise ZeroDivisionError("of theirs")

    assert JUDGES["weights"](0) in (REFUSED, EQUAL)  # compiled and checked before `verify` is another
    monkeypatch.setattr(altered_files, "verify", fail)
    assert "weights 0: " in JUDGES["weights"](0)
    assert "ZeroDivisionError: of theirs" in JUDGES["weights"](0)
