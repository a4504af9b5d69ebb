"""The tape, its links and the damage lab: what is typed, dropped, chosen, restored, and where it goes wrong first."""

from dataclasses import replace

import numpy as np
import pytest
from long_strings import walk
from subjects import subject

from lstmc.network.seed_toy import seed_toy


def test_a_link_restores_grammar_string_position_and_damage(visit):
    first = visit("reber")
    first.type("BPTTVPXVVE")
    first.set("#lab-gain", "60")
    first.go(7)
    first.click("#link")
    link = first.frame.input_value("#link-text")
    other = visit("reber", f"#{link.split('#')[1]}")
    assert link.split("#")[0] == other.page.url.split("#")[0]
    assert (other.string, other.position) == ("BPTTVPXVVE", 7)
    assert other.frame.input_value("#tape-input") == "BPTTVPXVVE"
    assert other.frame.input_value("#lab-gain") == "60"
    assert other.ask("return everything()") == first.ask("return everything()")
    other.ask("location.hash = argument", "#g=another&s=BT&p=1")
    assert (other.string, other.position) == ("BPTTVPXVVE", 7)
    other.ask("location.hash = argument", "#g=reber&s=BTX&p=2")
    other.until("window.lstmc.string() === 'BTX' && window.lstmc.position() === 2")


def test_the_network_chooses_whole_strings(visit):
    on_page = visit("reber", reduced_motion="no-preference")
    for _ in range(5):
        on_page.type("")
        for _ in range(200):
            before = on_page.string
            on_page.click("#choose")
            if on_page.string == before:
                break
        assert subject("reber").network.run(on_page.string).accepted


def test_a_string_comes_from_the_list_from_a_file_and_from_the_alphabet(visit):
    on_page = visit("reber")
    options = on_page.ask("return [...document.querySelectorAll('#examples option')].map((each) => each.value)")
    strings = set()
    for option in options:
        on_page.set("#examples", option)
        strings.add(on_page.string)
    accepted = {subject("reber").network.run(string).accepted for string in strings}
    assert len(strings) > 5
    assert accepted == {True, False}  # near misses are among them
    text = {"name": "strings.txt", "mimeType": "text/plain", "buffer": b"BTXSE\nBPVVE\n"}
    on_page.frame.set_input_files("#file", text)
    on_page.until("window.lstmc.string() === 'BTXSE'")
    on_page.type("BT")
    on_page.go(2)
    on_page.click("#alphabet [data-symbol='S']")
    on_page.click("#alphabet [data-symbol='E']")  # not allowed, and written all the same
    assert (on_page.string, on_page.position) == ("BTSE", 4)
    assert on_page.allowed() == set()
    on_page.type("BT?")
    assert on_page.string == "BT"
    assert "?" in on_page.frame.inner_text("#tape-problem")


LOOPS = ("BT" + "S" * 120 + "XSE", "BP" + "T" * 120 + "VVE", "BTXX" + "T" * 120 + "VVE", "BTXSE")


def test_the_first_wrong_symbol_of_the_hand_made_weights_is_marked(visit):
    """The toy network from which this project grew, in its three loops."""
    reber = subject("reber").grammar
    toy = seed_toy(subject("reber").network.header.grammar)
    on_page = visit("reber")
    on_page.set("#lab-seed", True)
    expected = [first_wrong(toy, reber, string) for string in LOOPS]
    assert [marked(on_page, string) for string in LOOPS] == expected
    assert expected[0] == len("BT") + 13
    assert expected[3] == len("BTXSE")  # it never says that a string may end


@pytest.mark.parametrize("slider", [40, 55, 60, 70])
def test_the_first_wrong_symbol_of_softened_gates_is_marked(visit, slider):
    on_page = visit("reber")
    on_page.set("#lab-gain", str(slider))
    network = softened(subject("reber").network, 2 ** ((slider - 100) / 10))
    strings = ["BP" + "T" * 1500 + "VVE", "BT" + "S" * 1500 + "XSE"]
    assert [marked(on_page, string) for string in strings] == [
        first_wrong(network, subject("reber").grammar, string) for string in strings
    ]


def test_what_is_proved_is_never_marked(visit):
    on_page = visit("reber")
    for number_format in ("", "float16", "bfloat16", "int8"):
        on_page.set("#lab-format", number_format)
        assert [marked(on_page, string) for string in LOOPS] == [None] * len(LOOPS)


def marked(on_page, string):
    """The position that is marked on the tape once all is computed."""
    on_page.type(string)
    on_page.go(len(string))
    where = on_page.ask("return document.querySelector('#first-wrong').hidden")
    if where:
        assert on_page.frame.locator("#tape [data-first-wrong]").count() == 0
        return None
    on_page.click("#first-wrong")
    mark = on_page.frame.locator("#tape [data-first-wrong]")
    assert mark.get_attribute("aria-current") == "step"
    assert int(mark.get_attribute("data-position")) == on_page.position
    return on_page.position


def first_wrong(network, grammar, string):
    """After how many symbols the network first says anything else than the graph."""
    graph = walk(grammar)
    state, place = network.start(), graph.start
    for position, x in enumerate([*network.tokens(string), None]):
        if (network.read(state).allowed[0] != graph.allowed[place]).any():
            return position
        if x is not None:
            state, place = network.step(state, np.array([x])), graph.following[place, x]
    return None


def softened(network, factor):
    tensors = {name: w * np.float32(factor) if name.startswith("lstm.") else w for name, w in network.tensors.items()}
    return replace(network, tensors=tensors)
