"""Pictures by matplotlib: weights as heat maps, memory as time lines, graphs as PNG and PDF."""

import os
import subprocess
import sys
import time
from xml.etree import ElementTree

import numpy as np
import pytest
from hostile_names import NAMES, hostile_grammar

import lstmc
from lstmc.errors import InputError, LimitError, PluginError, UsageError
from lstmc.picture import plot
from lstmc.picture.heatmap import Shades, weights
from lstmc.picture.timeline import history, memory
from lstmc.picture.write import draw, picture

pytestmark = pytest.mark.filterwarnings("ignore:Glyph")  # of scripts that its font lacks
pytest.importorskip("matplotlib", reason="matplotlib is not installed")

BEGINS = {"svg": b"<?xml", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def reber():
    return lstmc.compile(lstmc.load_grammar("reber"))


def written(figure):
    """Every text on a figure."""
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def coloured(figure):
    """How many boxes are neither white nor empty."""
    import matplotlib.collections as collections

    found = [each for axes in figure.axes for each in axes.collections if isinstance(each, collections.PolyCollection)]
    return sum(int((each.get_facecolor()[:, :3] < 1).any(axis=1).sum()) for each in found if len(each.get_facecolor()))


@pytest.mark.slow
def test_every_picture_in_every_format_and_always_the_same(reber):
    def pictures():
        grammar = lstmc.load_grammar("reber")
        for format in BEGINS:
            for subject, string in ((grammar, None), (reber, None), (reber, "BTSSXSE")):
                yield format, picture(subject, format, string)

    first = list(pictures())
    for n, (format, data) in enumerate(first):
        assert data.startswith(BEGINS[format] if n else b"<svg ")  # the graph as SVG is our own
        assert len(data) < 500_000
    time.sleep(1.1)  # files that name their time would differ
    assert list(pictures()) == first


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_process_or_on_settings(reber, tmp_path):
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsavefig.dpi: 17\nlines.linewidth: 9\n")
    code = """
import hashlib, lstmc
from lstmc.picture.write import picture
network = lstmc.compile(lstmc.load_grammar("reber"))
for format in ("svg", "png", "pdf"):
    print(hashlib.sha256(picture(network, format)).hexdigest())
"""
    environments = ({"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "2", "MATPLOTLIBRC": str(tmp_path)})
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=dict(os.environ) | environment
        ).stdout
        for environment in environments
    ]
    assert runs[0] == runs[1]


@pytest.mark.parametrize("by", ["part", "cell"])
def test_every_number_that_is_not_0_is_on_the_heat_map(reber, by):
    figure = weights(reber, by)
    legend = 8  # its colours
    assert coloured(figure) - legend == reber.nonzero
    texts = written(figure)
    assert texts.count("336") == sum(int((tensor == 336).sum()) for tensor in reber.tensors.values())
    assert texts.count("−640") == 3 + 1
    if by == "part":
        assert {"eraser", "writer", "write filter", "read filter", "reader", "5 by X", "bias", "T", "end"} <= set(texts)
    else:
        assert {"5 by X · eraser", "started · write filter", "reader", "bias"} <= set(texts)


@pytest.mark.parametrize("options", [{"cell": "toy"}, {"level": 2}, {"level": 0, "dtype": "float16"}])
def test_the_heat_map_of_other_networks_is_whole_too(options):
    network = lstmc.compile(lstmc.load_grammar("edge-detector" if "cell" in options else "reber"), **options)
    figure = weights(network)
    assert coloured(figure) >= network.nonzero
    assert coloured(figure) - network.nonzero <= 8
    if "cell" in options:
        assert {"read filter", "output", "rise"} <= set(written(figure))


@pytest.mark.parametrize("cell", ["peephole", "coupled", "gru", "rnn", "rnn-relu", "lstm-1997", "slstm"])
def test_the_heat_map_of_each_cell_type_holds_each_number_once(cell):
    network = lstmc.compile(lstmc.load_grammar("edge-detector"), cell=cell)
    figure = weights(network)
    assert 0 <= coloured(figure) - network.nonzero <= 8  # the colours of the legend
    texts = written(figure)
    assert {network.title(part) for part in network.gates} | {"reader", "output"} <= set(texts)
    assert texts.count("reader") == texts.count("output") == 1


@pytest.mark.slow
def test_200_cells_are_all_named():
    network = lstmc.compile(lstmc.load_grammar("random", {"states": 207}), level=2)
    assert 190 <= network.size <= 210
    texts = written(weights(network))
    assert {cell.name for cell in network.header.cells if len(cell.name) < 20} <= set(texts)
    assert f"{network.size} cells, {network.nonzero:,} of {network.parameters:,} numbers are not 0" in texts


def test_shades_tell_small_numbers_from_0_and_large_from_small():
    shades = Shades([-768.0, 16.0, -16.0, 0.0, 336.0])
    assert shades.depth(0.0) == 0
    assert 0.1 < shades.depth(16.0) < shades.depth(336.0) < 1
    assert shades.depth(-16.0) == -shades.depth(16.0)
    assert shades.depth(-768.0) == -1
    assert shades.colour(0.0)[:3] == (1, 1, 1)
    assert shades.examples()[0] == -768
    assert shades.examples()[4] == 0


def test_numbers_that_are_none_do_no_harm():
    shades = Shades([float("nan"), float("inf"), 2.0])
    assert shades.high == 2.0
    assert Shades([]).examples() == [-1.0, 0.0, 1.0]


def test_the_time_line_holds_what_the_trace_says(reber):
    string = "BPTTVPSE"
    found = history(reber, reber.tokens(string))
    trace = reber.trace(string)
    for n, step in enumerate(trace.steps, start=1):
        assert np.array_equal(found.memory[:, n], step.parts["memory"])
        names = (*reber.alphabet, "end")
        assert tuple(names[x] for x in np.flatnonzero(found.chances[:, n])) == step.next
    assert not found.memory[:, 0].any()
    assert found.chances[0, 0] == pytest.approx(1)
    assert found.chances[:, 1][found.chances[:, 1] > 0] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize(
    ("cell", "on", "off"), [("lstm-1997", 1, 0), ("gru", 1, -1), ("rnn-relu", 1, 0), ("slstm", 1, 1)]
)
def test_the_time_line_shows_a_memory_as_a_share_of_what_it_is_in_a_cell_that_is_on(cell, on, off):
    network = lstmc.compile(lstmc.load_grammar("reber"), cell=cell)
    found = history(network, network.tokens("BTXSE"))
    assert set(np.unique(found.memory[:, 1:][found.on[:, 1:]])) == {on}
    assert set(np.unique(found.memory[:, 1:][~found.on[:, 1:]])) == {off}
    assert ("memory: blue is above 0, red below" in written(memory(network, "BTXSE"))) == (off < 0)


@pytest.mark.parametrize("cell", ["lstm", "gru", "lstm-1997", "slstm"])
def test_of_a_large_network_the_time_line_shows_the_cells_that_are_ever_on(cell):
    network = lstmc.compile(lstmc.load_grammar("embedded-reber", {"depth": 2}), cell=cell)
    ever = history(network, network.tokens("BTBTBP")).on.any(axis=1)
    shown = set(written(memory(network, "BTBTBP"))) & {each.name for each in network.header.cells}
    assert shown == {each.name for each, on in zip(network.header.cells, ever, strict=True) if on}


def test_the_time_line_names_cells_symbols_and_the_verdict(reber):
    texts = written(memory(reber, "BTSSXSE"))
    assert {"the string is accepted", "1 by T", "what may come next", "end", ".5"} <= set(texts)
    assert [text for text in texts if text in reber.alphabet][:7] == list("BTSSXSE")
    assert "the string is not accepted" in written(memory(reber, "BTV"))
    assert "the string is not accepted" in written(memory(reber, ""))


def test_what_was_not_allowed_is_crossed(reber):
    from matplotlib.collections import LineCollection
    from matplotlib.colors import to_rgba

    def crosses(string):
        found = [each for each in memory(reber, string).axes[0].collections if isinstance(each, LineCollection)]
        red = [each for each in found if tuple(each.get_colors()[0]) == to_rgba("#b3261e")]
        return sum(len(each.get_paths()) for each in red)

    assert crosses("BTSSXSE") == 0
    assert crosses("BTSVSE") == 3  # V, and all that comes after it


def test_outputs_stand_below_the_steps():
    network = lstmc.compile(lstmc.load_grammar("edge-detector"))
    texts = written(memory(network, "0110"))
    assert [text for text in texts if text in ("rise", "fall", "same")] == ["same", "rise", "same", "fall"]
    assert "it says" in texts


def test_cells_that_stay_empty_are_left_out_of_a_large_picture():
    network = lstmc.compile(lstmc.load_grammar("embedded-reber", {"depth": 2}))
    texts = written(memory(network, "BTBTBP"))
    assert f"{network.size - 7} of {network.size} cells stay off and are left out; the string is not accepted" in texts
    assert "T.T.5 by P" in texts
    assert "P.P.5 by P" not in texts


@pytest.mark.slow
@pytest.mark.parametrize(("format", "cell"), [("svg", "lstm"), ("svg", "toy"), ("png", "lstm"), ("pdf", "lstm")])
def test_hostile_names_are_only_text(format, cell):
    grammar = hostile_grammar()
    network = lstmc.compile(grammar, cell=cell)
    for subject, string in ((grammar, None), (network, None), (network, list(NAMES[1:9]))):
        data = picture(subject, format, string)
        if format == "svg":
            root = ElementTree.fromstring(data)
            assert not {f"{SVG}script", f"{SVG}image"} & {element.tag for element in root.iter()}
            assert all(not name.startswith("on") for element in root.iter() for name in element.attrib)
            assert "\u202e" not in data.decode()


def test_a_picture_that_could_not_be_seen_is_refused(reber):
    with pytest.raises(LimitError, match="more than a picture can show") as error:
        picture(reber, "png", "BT" + "S" * 100_000)
    assert "at most 36,362 symbols" in error.value.help
    network = lstmc.compile(lstmc.load_grammar("random", {"states": 700}))
    with pytest.raises(LimitError, match="more than a picture can show"):
        picture(network, "png")


def test_what_cannot_be_asked_for(reber, tmp_path):
    with pytest.raises(UsageError, match=r"x\.gif: a picture is written as"):
        draw(reber, tmp_path / "x.gif")
    with pytest.raises(UsageError, match="not by 'parts'"):
        draw(reber, tmp_path / "x.svg", by="parts")
    with pytest.raises(UsageError, match="a grammar remembers nothing"):
        draw(lstmc.load_grammar("reber"), tmp_path / "x.svg", "BT")
    with pytest.raises(InputError, match="is not in the alphabet"):
        draw(reber, tmp_path / "x.svg", "BTQ")
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_is_said_and_a_graph_as_svg_is_drawn(monkeypatch, reber, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for subject, name in ((reber, "x.svg"), (lstmc.load_grammar("reber"), "x.png")):
        with pytest.raises(PluginError, match="matplotlib is not installed") as error:
            draw(subject, tmp_path / name)
        assert error.value.help == "pip install 'lstmc[plot]'"
    assert draw(lstmc.load_grammar("reber"), tmp_path / "x.svg").exists()


def test_a_large_graph_is_a_png_of_bounded_size(monkeypatch):
    monkeypatch.setattr(plot, "MOST_PIXELS", 1e6)
    data = picture(lstmc.load_grammar("nested-3"), "png")
    width, height = (int.from_bytes(data[n : n + 4], "big") for n in (16, 20))
    assert 0.98e6 < width * height < 1.02e6
