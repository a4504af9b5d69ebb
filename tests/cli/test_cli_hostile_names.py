"""What stands in a file reaches a terminal as text: it moves no cursor, paints nothing, and begins no line."""

import json
import re
from dataclasses import replace

import networkx as nx
import pytest
from terminal import in_terminal

import lstmc
from lstmc.network.strings import split_string

PLANTED = "x\n: the proof holds"
SYMBOLS = (
    "a\x1b[2Jb",
    PLANTED,
    "\x9b31mc",
    "d\u202ee",
    "f\u2028g",
    "[red]h[/red]",
    "i\x07\x08j",
    "k\x1b0123456789abcdef[31ml",
)
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
OWN = re.compile(r"\x1b\[[0-9;]*m")  # the colours of `paint` and of tables


@pytest.fixture
def weights(folder):
    """Weights whose header has such symbols, states, rules and cells; no grammar could, so they are put there."""
    graph = nx.MultiDiGraph()
    names = [f"s{number}" for number in range(len(SYMBOLS))]
    for name, follower in zip(names, (*names[1:], names[0]), strict=True):
        graph.add_edge(name, follower, symbol=name, output=name)
    graph.nodes["s0"].update(start=True, accept=True)
    network = lstmc.compile(lstmc.Grammar.from_graph(graph, "hostile"))
    hostile = dict(zip(names, SYMBOLS, strict=True))

    def named(text):
        return re.sub("s[0-7]", lambda found: hostile[found[0]], text)

    cells = tuple(
        replace(
            cell,
            name=named(cell.name),
            state=named(cell.state),
            states=tuple(map(named, cell.states)),
            rules=tuple(map(named, cell.rules)),
        )
        for cell in network.header.cells
    )
    header = replace(network.header, cells=cells, alphabet=SYMBOLS, outputs=SYMBOLS)
    type(network)(header, network.tensors).save(folder / "hostile.safetensors")
    (folder / "hostile.proof.json").write_text(
        json.dumps({"name": "a\x1b[2J", "reason": "\u202e", "contracts": {PLANTED: {"verdict": "\x9b"}}})
    )
    return "hostile.safetensors"


COMMANDS = (
    ("run", "WEIGHTS", "", "nothing"),
    ("run", "WEIGHTS", "d\u202ee"),
    ("run", "WEIGHTS", "a\x1b[2Jb"),
    ("run", "WEIGHTS", "q\x1b[2J\n: the proof holds"),
    ("trace", "WEIGHTS", "d\u202ee"),
    ("explain", "WEIGHTS"),
    ("explain", "WEIGHTS", "n\x1b[2Jo"),
    ("sample", "WEIGHTS", "-n", "2", "--length", "8"),
    ("verify", "WEIGHTS"),
    ("verify", "WEIGHTS", "--counterexample"),
    ("export", "WEIGHTS", "--to", "numpy"),
    ("illustrate", "WEIGHTS"),
    ("draw", "WEIGHTS", "--what", "graph"),
    ("check", "no\x1b[2Jfile.yaml", "n\u202eo.yaml"),
    ("compile", "no\x1b[2Jfile.yaml"),
    ("convert", "n\u2028o.yaml"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: ascii(" ".join(command)))
def test_nothing_unseen_reaches_standard_output_or_error(cli, weights, command):
    outcome = cli(*(weights if word == "WEIGHTS" else word for word in command))
    assert outcome.code != 70, outcome.err
    exact = command[0] in ("sample", "export")  # a pipe has these to the letter
    shown = outcome.err if exact else outcome.out + outcome.err
    assert not UNSEEN.search(shown), ascii(shown)
    if not exact:
        assert not re.search("^: the proof holds", shown, re.MULTILINE), shown


@pytest.mark.slow
@pytest.mark.parametrize("command", [*COMMANDS[:1], *COMMANDS[4:6], *COMMANDS[7:9]], ids=lambda command: command[0])
def test_nor_a_terminal(weights, command):
    _, shown = in_terminal(*(weights if word == "WEIGHTS" else word for word in command))
    assert not UNSEEN.search(OWN.sub("", shown)), ascii(shown)
    assert not re.search(r"\x1b\[2J|\x9b", shown)
    if command[0] in ("run", "explain"):
        assert "[red]h[/red]" in OWN.sub("", shown).replace("\n", "")
    if command[0] != "verify":
        assert "\\x1b[2J" in re.sub(r"\s", "", OWN.sub("", shown))


@pytest.mark.parametrize("command", [*COMMANDS[:1], *COMMANDS[4:6], *COMMANDS[7:9]], ids=lambda command: command[0])
def test_json_is_json_and_means_the_same(cli, weights, command):
    outcome = cli(*(weights if word == "WEIGHTS" else word for word in command), "--json")
    assert not UNSEEN.search(outcome.out)
    assert outcome.objects
    if command[0] == "trace":
        assert list(outcome.objects[0]["symbols"]) == [*SYMBOLS, "end"]


def test_a_pipe_has_samples_to_the_letter(cli, weights):
    outcome = cli("sample", weights, "-n", "1", "--length", "8")
    assert set(split_string(outcome.out.rstrip("\n"), tuple(SYMBOLS))) == set(SYMBOLS)
