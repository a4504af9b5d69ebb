"""docs/kernels.md: σ at 2 and about 0 are what the command measures, and what contracts allow."""

import sys

import numpy as np
import pytest
from pages import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import squashing_points as points
from markers import between

from lstmc.proof import CONTRACTS

PAGE = (ROOT / "docs" / "kernels.md").read_text("utf-8")


@pytest.mark.parametrize("format_name", ["float32", "float64", "float16"])
def test_numpy_is_what_the_page_says_on_machines_like_its_own(format_name):
    found = points.measured("numpy", format_name, *points.of_numpy(format_name))
    assert found.allowed()
    lines = [line for line in between(PAGE, "points").splitlines() if f"| {format_name} |" in line]
    assert sum("| numpy" in line for line in lines) == 1


def test_what_the_page_says_is_allowed():
    lines = between(PAGE, "points").splitlines()[2:]
    assert len(lines) > 10
    for line in lines:
        _, format_name, at_two, two, at_zero, zero, _, odd = (cell.strip() for cell in line.strip("|").split("|"))
        contract = CONTRACTS[format_name]
        assert (float(two), float(zero)) == (contract.at_two, contract.at_zero)
        assert float(at_two) <= contract.at_two
        assert (float(at_zero), odd) == (0, "0")


def test_what_a_contract_forbids_is_seen():
    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    exact = points.measured("x", "float64", sigmoid, np.tanh)
    assert exact.allowed()
    assert not points.measured("x", "float64", lambda z: sigmoid(z) + 1e-7, np.tanh).allowed()
    assert points.measured("x", "float64", sigmoid, lambda z: np.tanh(z) + (z > 0)).odd == exact.numbers
