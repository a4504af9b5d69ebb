"""What the checker takes for a grammar, lstmc reads as the same one; `certificate_grammars` says how that is tried."""

import json

import pytest
from certificate_grammars import EQUAL, REFUSED, judge_many

from lstmc import load_grammar
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import check

COUNT = 400


@pytest.mark.slow
def test_both_readers_agree_on_mutated_grammars():
    said = judge_many(0, COUNT)
    assert set(said) == {REFUSED, EQUAL}
    assert min(said.values()) > COUNT / 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [
        lambda grammar: grammar.update(start="any"),
        lambda grammar: grammar.update(graph={"start": "any"}),
        lambda grammar: grammar.update(directed=False),
        lambda grammar: grammar["nodes"][0].update(accept=False),
        lambda grammar: grammar["nodes"][0].update(accept=1),
        lambda grammar: grammar["edges"][0].update(note=None),
        lambda grammar: grammar["edges"].reverse(),
    ],
)
def test_no_other_form_passes_for_the_grammar_that_is_given(change):
    grammar = load_grammar("reber")
    network, certificate = compile_proved(grammar)
    data = json.loads(certificate.to_bytes())
    assert check(network.to_bytes(), json.dumps(data).encode(), digests=False, grammar=grammar.meaning()) == []
    change(data["grammar"])
    assert check(network.to_bytes(), json.dumps(data).encode(), digests=False, grammar=grammar.meaning())


def test_a_grammar_that_is_given_in_another_form_is_refused():
    grammar = load_grammar("reber")
    network, certificate = compile_proved(grammar)
    for more in ({"start": "any"}, {"directed": False}, {"note": None}):
        found = check(network.to_bytes(), certificate.to_bytes(), grammar=grammar.to_dict() | more)
        assert [violation.what for violation in found] == ["malformed"]
