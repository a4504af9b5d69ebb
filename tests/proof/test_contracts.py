"""The kernels at hand satisfy the contracts; and the checker's table of contracts says what ours says."""

from dataclasses import fields

import numpy as np
import pytest

from lstmc.network.arithmetic import sigmoid
from lstmc.network.number_formats import number_format
from lstmc.proof import CONTRACTS
from lstmc.proof import checker as independent

FORMATS = ("float64", "float32", "float16", "bfloat16")
SAME = {"roundoff": "u", "sigmoid": "sigma_error", "tanh": "tanh_error"}  # our names, the checker's


def kernels():
    """(name, format, sigmoid, tanh), each from float64 numbers of the format to float64."""
    for name in FORMATS:
        form = number_format(name)

        def of(function, form=form):
            return lambda x: form.round(function(x.astype(form.work))).astype(np.float64)

        yield pytest.param(name, of(sigmoid), of(np.tanh), id=f"numpy-{name}")
    try:
        import torch
    except ImportError:
        return
    for name in FORMATS:
        kind = getattr(torch, name)

        def of_torch(function, kind=kind):
            return lambda x: function(torch.from_numpy(x).to(kind)).to(torch.float64).numpy()

        yield pytest.param(name, of_torch(torch.sigmoid), of_torch(torch.tanh), id=f"torch-{name}")


def grid(name):
    """Numbers of the format: dense where functions bend, and out to where they are flat; small ones; both signs."""
    steps = [
        np.arange(0, 24, 1 / 512),
        np.arange(24, 130, 1 / 64),
        2.0 ** -np.arange(0.0, 14.0, 1 / 16),
        [1.0, 104, 128],
    ]
    values = np.concatenate(steps)
    return np.unique(number_format(name).rounded(np.concatenate([values, -values])).astype(np.float64))


@pytest.mark.parametrize(("name", "sigma", "tanh"), [*kernels()])
def test_kernels_satisfy_the_contract(name, sigma, tanh):
    contract, x = CONTRACTS[name], grid(name)
    small = np.abs(x) < 700
    value, true = sigma(x), np.where(small, 1 / (1 + np.exp(-x)), x > 0)
    assert np.abs(value - true).max() <= contract.sigmoid
    assert (value >= 0).all()
    assert (value[x >= contract.one_from] == 1).all()
    far = x[x <= -contract.tail_from]
    assert (value[x <= -contract.tail_from] <= 1.01 * np.maximum(np.exp(far), contract.tiny)).all()
    assert (value[x <= -contract.zero_from] == 0).all()
    value = tanh(x)
    assert np.abs(value - np.tanh(x)).max() <= contract.tanh
    assert (np.abs(value) <= contract.slope * np.maximum(np.abs(x), contract.tiny)).all()
    assert (value * x >= 0).all()
    assert (np.abs(value[np.abs(x) >= 10]) <= 1).all()
    assert (value[x >= contract.flat_from] == 1).all()
    assert tanh(np.zeros(3)).tolist() == [0, 0, 0]
    one = tanh(np.ones(70))  # in the middle of vectors and at their ends
    assert np.unique(one).size == 1
    assert abs(one[0] - 0.7615941559557649) <= contract.at_one


@pytest.mark.parametrize(("name", "sigma", "tanh"), [k for k in kernels() if k.values[0] in ("float64", "float32")])
def test_kernels_are_within_approximate(name, sigma, tanh):
    contract, x = CONTRACTS["approximate"], grid(name)
    assert np.abs(sigma(x) - 1 / (1 + np.exp(-x))).max() <= contract.sigmoid
    assert np.abs(tanh(x) - np.tanh(x)).max() <= contract.tanh


def test_the_checkers_table_is_ours():
    assert list(independent.CONTRACTS) == list(CONTRACTS)
    for name, contract in CONTRACTS.items():
        other = independent.CONTRACTS[name]
        for field in fields(contract):
            if field.name != "weights":  # the checker rounds by bits
                assert getattr(other, SAME.get(field.name, field.name)) == getattr(contract, field.name), (name, field)
