"""The conformance kit: our own plugins keep the contract, and a plugin that breaks it is told how."""

import sys

import pytest

from lstmc.errors import UsageError
from lstmc.extensions import extensions
from lstmc.testing import assert_conforms, breaches

QUICK = ("lstmc.grammars", "lstmc.formats", "lstmc.cells")  # exporters start processes: one of them will do
FOUND = {(group, each.target): each.name for group in QUICK for each in extensions(group) if each.package == "lstmc"}
OURS = [(group, name) for (group, _), name in FOUND.items()]  # a format with two endings once

FRAME = """
import networkx as nx
LSTMC_API = 1
def graph(*symbols):
    g = nx.MultiDiGraph()
    g.add_node(0, start=True)
    for x in symbols:
        g.add_edge(0, 1, symbol=x)
    g.nodes[1]['accept'] = True
    return g
"""
GRAMMARS = {
    "no docstring": ("def bad(): return graph('a')", "no docstring"),
    "no type": ("def bad(a=1):\n    'A.'\n    return graph('a')", "a has no type"),
    "no default": ("def bad(a: int):\n    'A.'\n    return graph('a')", "a has no default"),
    "wrong default": (
        "def bad(a: int = '1'):\n    'A.'\n    return graph('a')",
        "the default of a reads as something else",
    ),
    "no graph": ("def bad():\n    'A.'\n    return 5", "makes a int"),
    "no grammar": ("def bad():\n    'A.'\n    return nx.MultiDiGraph()", "with its defaults: graph 'bad'"),
    "raises": ("def bad(a: bool = False):\n    'A.'\n    return graph('a') if not a else 1 / 0", "ZeroDivisionError"),
    "sets": ("def bad():\n    'A.'\n    return graph(*{'a', 'b', 'c', 'd', 'e', 'f'})", "in another process"),
    "clock": ("import time\ndef bad():\n    'A.'\n    return graph(str(time.time_ns()))", "a second time"),
    "warns": ("def bad():\n    'A.'\n    g = graph('a')\n    g.add_node(2)\n    return g", "nothing leads to"),
}
FORMAT = """
from lstmc.errors import UsageError
from lstmc.grammar.formats import Place, Problem, Reading
from lstmc.grammar.yaml_format import Yaml
LSTMC_API = 1
class Bad(Yaml):
    """
FORMATS = {
    "loses": ("def write(self, g): return super().write(g).replace('alphabet', 'name')", "cannot be read"),
    "forgets": ("def write(self, g):\n        return super().write(g).replace(', accept: true', '')", "cannot be read"),
    "raises": ("def read(self, text, limits, /): return Reading(1 / len(text), [])", "ZeroDivisionError"),
    "outside": (
        "def read(self, text, limits, /): return Reading(None, [Problem(Place(9**9, 1), 'G070', 'no')])",
        "outside of the text",
    ),
    "silent": ("def read(self, text, limits, /): return Reading(None, [])", "refused, but for no error"),
    "no writer": (
        "def write(self, g): raise UsageError('never')",
        "none of the sample",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("group", "name"), OURS)
def test_our_plugins_keep_the_contract(group: str, name: str) -> None:
    if group == "lstmc.formats" and name in ("aalpy", "automata"):
        pytest.importorskip(name, reason=f"{name} is not installed; install it, and this is tested too")
    assert_conforms(group, name)


@pytest.mark.slow
def test_our_exporter_keeps_the_contract() -> None:
    assert_conforms("lstmc.exporters", "numpy")


@pytest.fixture
def breaches_of(tmp_path, monkeypatch):
    """The breaches of a module `bad` with an object of that name."""

    def install(group: str, code: str) -> list[str]:
        info = tmp_path / "bad-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad\nVersion: 1.0\n", "utf-8")
        (info / "entry_points.txt").write_text(f"[{group}]\nbad = bad:bad\n", "utf-8")
        (tmp_path / "bad.py").write_text(code, "utf-8")
        return breaches(group, "bad")

    monkeypatch.syspath_prepend(str(tmp_path))
    yield install
    sys.modules.pop("bad", None)


@pytest.mark.slow
@pytest.mark.parametrize("what", GRAMMARS)
def test_a_grammar_that_breaks_the_contract_is_told_how(what, breaches_of) -> None:
    code, said = GRAMMARS[what]
    found = breaches_of("lstmc.grammars", f"{FRAME}{code}\n")
    assert any(said in each for each in found), found


@pytest.mark.slow
@pytest.mark.parametrize("what", FORMATS)
def test_a_format_that_breaks_the_contract_is_told_how(what, breaches_of) -> None:
    code, said = FORMATS[what]
    found = breaches_of("lstmc.formats", f"{FORMAT}{code}\nbad = Bad()\n")
    assert any(said in each for each in found), found


@pytest.mark.slow
def test_a_cell_type_that_is_wrong_is_told_after_which_string(breaches_of) -> None:
    code = "from lstmc.network.lstm import Lstm\nLSTMC_API = 1\nclass bad(Lstm):\n    cell = 'bad'\n"
    code += (
        "    def read(self, state):\n        r = super().read(state)\n        r.allowed[:] = True\n        return r\n"
    )
    found = breaches_of("lstmc.cells", code)
    assert any("it allows" in each for each in found), found


@pytest.mark.slow
def test_an_exporter_that_is_not_steady_is_told(breaches_of) -> None:
    code = "import time\nfrom lstmc_numpy.exporter import EXPORTER\nLSTMC_API = 1\nclass Bad(type(EXPORTER)):\n"
    code += "    def write(self, package): return super().write(package) + str(time.time_ns()).encode()\n"
    code += "    def runtimes(self): return ()\nbad = Bad()\n"
    assert any("the bytes are others" in each for each in breaches_of("lstmc.exporters", code))


@pytest.mark.slow
def test_an_exporter_that_forgets_the_outputs_of_transducers_is_told_at_once(breaches_of) -> None:
    code = "from lstmc_numpy.exporter import EXPORTER\nLSTMC_API = 1\nclass Bad(type(EXPORTER)):\n"
    code += "    def snippet(self, package, file):\n"
    code += "        return super().snippet(package, file) + '\\nbefore = predict\\n'"
    code += (
        " 'def predict(*given):\\n    logits, *_, h, c = before(*given)\\n    return logits, h, c\\n'\nbad = Bad()\n"
    )
    found = breaches_of("lstmc.exporters", code)
    assert any("predict returns parts of the widths" in each for each in found), found


def test_what_is_not_there_or_refused_is_a_breach(breaches_of) -> None:
    assert breaches("lstmc.grammars", "nowhere") == ["no package that is installed has an entry point of that name"]
    assert breaches_of("lstmc.grammars", "bad = dict\n") == ["module bad does not state LSTMC_API; this lstmc offers 1"]
    with pytest.raises(AssertionError, match="does not state LSTMC_API"):
        assert_conforms("lstmc.grammars", "bad")
    with pytest.raises(UsageError, match="there is no test for plugins of"):
        breaches("lstmc.scripts", "bad")
