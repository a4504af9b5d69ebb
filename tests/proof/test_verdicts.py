"""What the checker says of a proof that holds: nothing but what it checked, or derived from that."""

import json
from functools import cache

import pytest

from lstmc import load_grammar
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import LONGEST_QUOTE, _listed, printable, verify
from lstmc.shipped import shipped


@cache
def proved(name="reber", cell="lstm"):
    network, certificate = compile_proved(load_grammar(name), 1, "keep", cell)
    return network.to_bytes(), certificate


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["lstm", "toy"])
@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_checker_finds_what_the_prover_says(name, cell):
    weights, certificate = proved(name, cell)
    found = verify(weights, certificate.to_bytes())
    assert not found.violations
    assert [verdict.contract for verdict in found.verdicts] == list(certificate.verdicts)
    for verdict in found.verdicts:
        theirs = certificate.verdicts[verdict.contract]
        for part in ("kind", "bound", "counts", "margin", "probabilities", "reason"):
            assert getattr(verdict, part) == getattr(theirs, part), (verdict.contract, part)


def altered(change, name="reber", cell="lstm"):
    weights, certificate = proved(name, cell)
    data = json.loads(certificate.to_bytes())
    change(data)
    return verify(weights, json.dumps(data).encode())


def verdict_of(findings, contract):
    assert not findings.violations
    return next(verdict for verdict in findings.verdicts if verdict.contract == contract)


def test_a_smaller_bound_is_what_is_told():
    for bound, told in ((17, "17"), (9_999, "9999"), (10_000, "about 1.0·10^4")):
        found = verdict_of(altered(lambda data, bound=bound: data["contracts"]["exact"].update(bound=bound)), "exact")
        assert found.says == f"bounded: each of the states 1, 5 may be kept {told} times in a row"


def test_what_a_toy_counts_is_the_symbols_since_its_cells_drift_while_they_are_off():
    found = verdict_of(altered(lambda data: None, cell="toy"), "approximate")
    assert found.says == "bounded: each of the symbols T, S may be read about 4.5·10^4 times in a row"


def test_where_memory_is_written_again_that_counts_too():
    found = verdict_of(altered(lambda data: None, "third-from-end"), "approximate")
    assert found.says == "bounded: state wait may be kept, or kept and written again, about 2.8·10^5 times in a row"


def test_what_is_counted_is_named_on_one_line():
    assert _listed("state", ["a\nb", "a\nb"]) == r"state a\nb"
    assert _listed("symbol", ["a", "\t"]) == r"each of the symbols a, \t"
    assert _listed("state", list("abcde")) == "each of the states a, b, c, d, e"
    assert _listed("state", list("abcdef")) == "each of the states a, b, c, d, e and others"


def test_a_bound_of_what_never_happens_says_so():
    def change(data):
        data["contracts"]["float32"] |= {"verdict": "bounded", "bound": 3}

    assert verdict_of(altered(change), "float32").says == "bounded: no memory drifts, whatever is read"


@pytest.mark.parametrize(
    "reason", ["\x1b[2K\rfloat32: every length", "a\nexact: every length", "'\u202e\"", "a" * 10**5]
)
def test_a_reason_is_quoted_as_what_nobody_checked(reason):
    def change(data):
        data["contracts"]["exact"] = {"verdict": "refused", "reason": reason}

    found = verdict_of(altered(change), "exact")
    said = f"exact: refused; the certificate says why, which nobody checked: {reason[:LONGEST_QUOTE]!r}"
    assert str(found) == said
    assert said.isprintable()


def test_where_anything_is_wrong_there_are_no_verdicts():
    found = altered(lambda data: data["contracts"]["exact"].update(margin=10.0**6))
    assert [violation.what for violation in found.violations] == ["exact: margin"]
    assert found.verdicts == []


def test_a_violation_is_on_one_line_and_hides_nothing():
    found = altered(lambda data: data.update(name="\x1b[2K\n\u202e"))
    assert [violation.what for violation in found.violations] == ["binding"]
    assert r"certificate '\x1b[2K\n\u202e', weights 'reber'" in str(found.violations[0])
    assert printable("é🙂日") == "é🙂日"


def test_a_contract_that_there_is_not_is_named_as_that():
    found = altered(lambda data: data["contracts"].update(always=data["contracts"]["float32"]))
    assert [str(each) for each in found.violations] == [
        "malformed: the certificate speaks of a contract that there is not"
    ]


def test_memory_that_counts_up_stops_where_the_certificate_says():
    """In float64, where the box ends at the very number at which memory absorbs what is added."""
    network, certificate = compile_proved(load_grammar("regex", {"pattern": "a*aa*"}))
    assert certificate.verdicts["float64"].kind == "every-length"
    assert verify(network.to_bytes(), certificate.to_bytes()).violations == []
