"""How far long work is, it tells itself: what it does now, how many such steps are done, and of how many."""

import pytest

from lstmc.cli.progress import Bar
from lstmc.export.conform import conform
from lstmc.grammar.catalogue import load_grammar
from lstmc.picture.page import illustrate
from lstmc.pipeline import compile_proved
from lstmc.proof import CONTRACTS, prove
from lstmc.proof.checker import verify


class Heard(list):
    def tell(self, *said):
        self.append(said)


def stages(verb):
    return [(f"{verb} under {name}", done, len(CONTRACTS)) for done, name in enumerate(CONTRACTS)]


def test_compiling_and_checking():
    heard, checked = Heard(), Heard()
    network, certificate = compile_proved("tomita", tell=heard.tell)
    assert heard == [("compiling", 0, 1), ("proving", 0, len(CONTRACTS)), *stages("proving")]
    verify(network.to_bytes(), certificate.to_bytes(), tell=checked.tell)
    assert checked == stages("checking")


def test_of_some_contracts():
    heard, checked = Heard(), Heard()
    network, _ = compile_proved("reber")
    certificate = prove(network, load_grammar("reber"), contracts=["float16", "float32"], tell=heard.tell)
    assert heard == [("proving", 0, 2), ("proving under float16", 0, 2), ("proving under float32", 1, 2)]
    verify(network.to_bytes(), certificate.to_bytes(), tell=checked.tell)
    assert checked == [("checking under float32", 0, 2), ("checking under float16", 1, 2)]


def test_illustrating():
    heard = Heard()
    network, certificate = compile_proved("tomita")
    illustrate(network, certificate=certificate, tell=heard.tell)
    assert heard == stages("checking")


@pytest.mark.slow
def test_running_elsewhere():
    heard = Heard()
    list(conform(compile_proved("reber")[0], ["numpy"], length=10, tell=heard.tell))
    assert heard == [("running in numpy", 0, 1)]


def test_a_bar_takes_both_ways_to_say_it():
    bar = Bar("running", 3)
    bar.advance(1)
    bar.advance(1)
    assert (bar.what, bar.done, bar.total) == ("running", 2, 3)
    bar.tell("proving", 1, 7)
    assert (bar.what, bar.done, bar.total) == ("proving", 1, 7)
