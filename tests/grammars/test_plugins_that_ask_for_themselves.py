"""A plugin may load a grammar file, which may name a plugin: where that goes round in a circle, it is said."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checking import check_file

from lstmc.errors import LstmcError, PluginError
from lstmc.grammar.catalogue import load_grammar

MODULE = """
from pathlib import Path

import networkx as nx

from lstmc import load_grammar

LSTMC_API = 1
HERE = Path(__file__).parent


def direct():
    return load_grammar("direct")

def one():
    return load_grammar(HERE / "two.yaml")

def two():
    return load_grammar(HERE / "one.yaml").graph

def twice():
    load_grammar("reber")
    return load_grammar(HERE / "reber.yaml")

def deep():
    return deep()

def wrapped():
    try:
        return load_grammar("wrapped")
    except RuntimeError:
        return nx.MultiDiGraph()
"""
NAMES = ("direct", "one", "two", "twice", "deep", "wrapped")


@pytest.fixture
def circles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installed package of plugins, and the files that they read."""
    info = tmp_path / "circles-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: circles\nVersion: 1.0\n", "utf-8")
    points = "".join(f"{name} = circles:{name}\n" for name in NAMES)
    (info / "entry_points.txt").write_text(f"[lstmc.grammars]\n{points}", "utf-8")
    (tmp_path / "circles.py").write_text(MODULE, "utf-8")
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(f"plugin: {name}\n", "utf-8")
    (tmp_path / "reber.yaml").write_text("plugin: embedded-reber\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("circles", None)


@pytest.mark.parametrize(
    ("name", "circle"),
    [
        ("direct", "direct → direct"),
        ("one", "one → two → one"),
        ("two", "two → one → two"),
        ("wrapped", "wrapped → wrapped"),
    ],
)
def test_a_circle_is_an_error_that_names_it(circles: Path, name: str, circle: str) -> None:
    with pytest.raises(LstmcError) as caught:
        load_grammar(name)
    assert caught.value.exit_code == 5
    assert f"it asks for itself: {circle}" in str(caught.value)


def test_a_file_in_the_circle_is_named_with_the_place(circles: Path) -> None:
    (found,) = check_file(circles / "one.yaml")
    assert (Path(found.file).name, found.line, found.column, found.code) == ("one.yaml", 1, 9, "G080")
    assert "it asks for itself: one → two → one" in found.message


def test_a_plugin_may_use_other_grammars(circles: Path) -> None:
    assert load_grammar("twice").alphabet == load_grammar("embedded-reber").alphabet


def test_a_plugin_that_calls_itself_for_ever_does_not_work(circles: Path) -> None:
    with pytest.raises(PluginError, match="'deep' does not work: RecursionError"):
        load_grammar("deep")
