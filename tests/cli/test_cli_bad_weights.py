"""Weights that are missing, cut off, changed, from the future, or no weights at all."""

import json
import random
from pathlib import Path

import pytest

import lstmc
from lstmc.canonical import canonical, digest

WEIGHTS = "reber.safetensors"


@pytest.fixture
def weights(folder):
    lstmc.compile(lstmc.load_grammar("reber"), level=2).save(folder / WEIGHTS)
    return (folder / WEIGHTS).read_bytes()


def refused(cli, data):
    """The error that `run` ends with."""
    Path(WEIGHTS).write_bytes(data)
    outcome = cli("run", WEIGHTS, "BTX")
    assert outcome.code == 3, outcome
    assert outcome.out == ""
    assert outcome.err.startswith(f"error: {WEIGHTS}: ")
    assert "\nhelp: " in outcome.err
    return outcome.err


def test_the_weights_are_fine_as_they_are(cli, weights):
    assert cli("run", WEIGHTS, "BTX").code == 0


def test_a_missing_file(cli):
    outcome = cli("run", "nowhere.safetensors", "BTX")
    assert outcome.code == 3
    assert "nowhere.safetensors: cannot be read: No such file or directory" in outcome.err


def test_a_folder_instead_of_a_file(cli):
    Path(WEIGHTS).mkdir()
    outcome = cli("run", WEIGHTS, "BTX")
    assert outcome.code == 3
    assert "cannot be read: Is a directory" in outcome.err


def test_a_name_that_nothing_has(cli):
    outcome = cli("run", "rebar", "BTX")
    assert outcome.code == 3
    assert "there is no grammar 'rebar'" in outcome.err
    assert "did you mean 'reber'?" in outcome.err


@pytest.mark.parametrize("data", [b"", b"just text", b"\0" * 100, b"\xff" * 100, b"{}" * 50])
def test_something_else(cli, folder, data):
    assert "is not a whole safetensors file" in refused(cli, data)


def test_weights_of_somebody_else(cli, folder):
    header = b'{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    text = header + b" " * (-len(header) % 8)
    assert "not a file of lstmc's" in refused(cli, len(text).to_bytes(8, "little") + text + bytes(4))


def test_truncated_anywhere(cli, weights):
    for length in (*range(0, 40, 5), len(weights) // 3, len(weights) // 2, len(weights) - 4, len(weights) - 1):
        refused(cli, weights[:length])


def test_a_longer_file(cli, weights):
    refused(cli, weights + b"\0")


def test_a_flipped_bit_anywhere(cli, weights):
    chooser = random.Random(0)
    for place in sorted(chooser.sample(range(len(weights)), 60)):
        altered = bytearray(weights)
        altered[place] ^= 1 << chooser.randrange(8)
        refused(cli, bytes(altered))


def with_header(weights, change):
    """The weights with another header of lstmc's, its digest made right again."""
    size = int.from_bytes(weights[:8], "little")
    outer = json.loads(weights[8 : 8 + size])
    header = json.loads(outer["__metadata__"]["lstmc"])
    header.pop("header")
    change(header)
    header["header"] = digest(canonical(header))
    outer["__metadata__"]["lstmc"] = canonical(header).decode()
    text = json.dumps(outer).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + weights[8 + size :]


def test_the_header_can_be_written_again(cli, weights):
    Path(WEIGHTS).write_bytes(with_header(weights, lambda header: None))
    assert cli("run", WEIGHTS, "BTX").code == 0


def test_a_later_format(cli, weights):
    data = with_header(weights, lambda header: header.update(format=2))
    assert "is of format 2, which this lstmc does not know" in refused(cli, data)


@pytest.mark.parametrize(
    "change",
    [
        {"alphabet": ["B"]},
        {"alphabet": "BTSXPVE"},
        {"cells": []},
        {"dtype": "float64"},
        {"dtype": "int7"},
        {"outputs": ["0"]},
        {"format": "1"},
        {"format": None},
        {"options": 3},
        {"tensors": "0"},
    ],
    ids=str,
)
def test_a_header_that_does_not_fit_its_numbers(cli, weights, change):
    Path(WEIGHTS).write_bytes(with_header(weights, lambda header: header.update(change)))
    outcome = cli("run", WEIGHTS, "BTX")
    assert outcome.code in (2, 3)
    assert "a bug in lstmc" not in outcome.err


def test_a_cell_type_that_is_not_installed(cli, weights):
    Path(WEIGHTS).write_bytes(with_header(weights, lambda header: header.update(cell="unheard-of")))
    outcome = cli("run", WEIGHTS, "BTX")
    assert outcome.code == 5
    assert "'unheard-of'" in outcome.err
