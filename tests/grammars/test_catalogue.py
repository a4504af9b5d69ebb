import sys

import pytest

from lstmc.errors import InputError, LimitError, PluginError, UsageError
from lstmc.grammar import GrammarError, catalogue
from lstmc.grammar.catalogue import load_grammar, make, names
from lstmc.names import is_name
from lstmc.shipped import shipped

MODULE = """
import networkx as nx
from lstmc.errors import LimitError
LSTMC_API = 1
def raises(*, n: int = 1): return 1 // 0
def refuses(*, n: int = 1): raise LimitError("refuses: n is too large")
def wrong(*, n: int = 1): return [n]
def untyped(n=1): return nx.MultiDiGraph()
not_callable = 3
"""


@pytest.fixture
def odd_plugins(tmp_path, monkeypatch):
    info = tmp_path / "odd-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", "utf-8")
    things = ["raises", "refuses", "wrong", "untyped", "not_callable"]
    (info / "entry_points.txt").write_text(
        "[lstmc.grammars]\n" + "".join(f"{each} = odd_module:{each}\n" for each in things), "utf-8"
    )
    (tmp_path / "odd_module.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    sys.modules.pop("odd_module", None)


@pytest.mark.parametrize(
    ("plugin", "parameters", "name"),
    [
        ("embedded-reber", None, "embedded-reber"),
        ("embedded-reber", {"depth": "2"}, "embedded-reber-depth-2"),
        ("embedded-reber", {"depth": "1", "continual": "true"}, "embedded-reber-continual-true"),
        ("tomita", {"number": 3}, "tomita-number-3"),
        ("long-lag", {"experiment": "2c", "q": "5"}, "long-lag-experiment-2c-q-5"),
        ("modular", {"modulus": 3, "alphabet": "( )", "count": "("}, "modular-modulus-3-alphabet-_28+_29-count-_28"),
    ],
)
def test_a_grammar_is_named_after_what_is_not_default(plugin, parameters, name):
    assert make(plugin, parameters).name == name
    assert is_name(name)


def test_long_names_are_cut_and_stay_different():
    words = [f"symbol{number}" for number in range(40)]
    first = make("modular", {"alphabet": words, "count": "symbol1"}).name
    second = make("modular", {"alphabet": words, "count": "symbol2"}).name
    assert first != second
    assert len(first) == len(second) == 100


def test_a_name_may_be_given():
    assert make("tomita", {"number": "3"}, "third").name == "third"


@pytest.mark.parametrize(
    ("plugin", "parameters", "name", "fault"),
    [
        ("modular", {"alphabet": "end a", "count": "a"}, None, "G011"),
        ("modular", {"alphabet": "a a", "count": "a"}, None, "twice"),
        ("tomita", {}, "bad/name", "name"),
    ],
)
def test_what_a_plugin_makes_is_checked_like_any_grammar(plugin, parameters, name, fault):
    with pytest.raises(GrammarError, match=fault):
        make(plugin, parameters, name)


def test_what_a_plugin_makes_is_no_larger_than_a_file_may_be(monkeypatch):
    for limit, value in (("STATES", 5), ("EDGES", 10)):
        monkeypatch.setenv(f"LSTMC_MAX_GRAMMAR_{limit}", str(value))
        assert make("tomita", {"number": "5"})
        monkeypatch.setenv(f"LSTMC_MAX_GRAMMAR_{limit}", "1")
        with pytest.raises(LimitError, match=f"tomita: . {limit.lower()}, more than the limit of 1") as caught:
            make("tomita", {"number": "5"})
        assert f"LSTMC_MAX_GRAMMAR_{limit}" in caught.value.help
        monkeypatch.delenv(f"LSTMC_MAX_GRAMMAR_{limit}")


@pytest.mark.parametrize("name", [entry.name for entry in names()])
def test_the_bare_name_is_a_grammar_without_warnings(name):
    grammar = load_grammar(name)
    assert grammar.name == name
    assert grammar.warnings == ()


def test_a_source_is_a_name_or_a_path(tmp_path, monkeypatch):
    file = tmp_path / "mine.yaml"
    file.write_bytes(shipped()["remainder-3"].read_bytes())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tomita").mkdir()  # a folder or file of the same name does not hide the grammar
    (tmp_path / "bare").write_bytes(file.read_bytes())
    same = load_grammar("remainder-3")
    for source in ("mine.yaml", "./mine.yaml", str(file), file, "bare"):
        assert load_grammar(source) == same
    assert load_grammar("tomita", {"number": "7"}).name == "tomita-number-7"


@pytest.mark.parametrize(
    ("source", "message", "help"),
    [
        ("rebr", "there is no grammar 'rebr', and no file of that name", "did you mean 'reber'?"),
        ("Tomita", "there is no grammar 'Tomita', and no file of that name", "did you mean 'tomita'?"),
        (
            "embeded-reber",
            "there is no grammar 'embeded-reber', and no file of that name",
            "did you mean 'embedded-reber'?",
        ),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(source, message, help):
    with pytest.raises(InputError) as caught:
        load_grammar(source)
    assert (caught.value.message, caught.value.help) == (message, help)


def test_a_file_whose_ending_was_left_out_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coffee.yaml").touch()
    with pytest.raises(InputError) as caught:
        load_grammar("coffee")
    assert caught.value.help == "did you mean the file coffee.yaml?"


def test_where_nothing_is_near_all_names_are_told():
    with pytest.raises(InputError) as caught:
        load_grammar("zzzzzz")
    assert all(entry.name in caught.value.help for entry in names())


@pytest.mark.parametrize("source", ["no-such-file.yaml", "folder/no-such-file", "x.yml"])
def test_a_missing_file_is_a_missing_file(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="cannot be read"):
        load_grammar(source)


def test_a_written_file_takes_no_parameters():
    with pytest.raises(UsageError, match=r"reber\.yaml takes no parameters: depth"):
        load_grammar("reber", {"depth": "2"})


def test_a_plugins_file_takes_parameters_that_go_before_its_own():
    changed = load_grammar("nested-3", {"depth": "2", "continual": "true"})
    assert changed == make("embedded-reber", {"depth": 2, "continual": True})
    assert changed.name == "embedded-reber-depth-2-continual-true"
    assert load_grammar("nested-3", {"continual": "true"}).name == "embedded-reber-depth-3-continual-true"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("raises", "by zero (line 5 of odd_module.py)"),
        ("wrong", "'wrong' does not work: it makes a list, not a networkx.MultiDiGraph"),
        ("untyped", "'untyped' does not work: its parameters cannot be read: n has no type"),
        ("not_callable", "'not_callable' does not work: its parameters cannot be read"),
    ],
)
def test_a_plugin_that_fails_says_so(odd_plugins, name, message):
    with pytest.raises(PluginError) as caught:
        make(name)
    assert message in caught.value.message


def test_a_plugins_own_answer_reaches_the_user(odd_plugins):
    with pytest.raises(catalogue.LstmcError) as caught:
        make("refuses")
    assert (caught.value.message, caught.value.exit_code) == ("refuses: n is too large", 4)


def test_broken_plugins_are_listed_with_the_others(odd_plugins):
    entries = {entry.name: entry for entry in names()}
    assert entries["untyped"].problem == "its parameters cannot be read: n has no type"
    assert entries["not_callable"].problem
    assert entries["embedded-reber"].problem == entries["reber"].problem == entries["wrong"].problem == ""


def test_a_plugin_may_return_a_grammar(monkeypatch):
    second = make("tomita", {"number": 2})
    monkeypatch.setattr(catalogue, "load", lambda group, name: lambda: second)
    again = make("wrapped")
    assert again.name == "wrapped"
    assert {**again.to_dict(), "name": second.name} == second.to_dict()
