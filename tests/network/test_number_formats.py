"""Rounding to each format, against exact fractions."""

import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plain import SHAPES, nearest

from lstmc.errors import UsageError
from lstmc.network.number_formats import FORMATS, number_format


def ties(name: str) -> st.SearchStrategy[float]:
    """Numbers half way between two of the format, and just beside."""
    bits = SHAPES[name][0]
    return st.builds(
        lambda n, e, beside: (2 * n + 1) * 2.0**e * (1 + beside * 2.0**-50),
        st.integers(2 ** (bits - 1), 2**bits - 1),
        st.integers(-12, 4) if name == "float16" else st.integers(-100, 100),
        st.sampled_from([-1, 0, 1]),
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=200)
@given(data=st.data())
def test_rounding_gives_the_nearest_number_and_ties_go_to_even(name: str, data: st.DataObject) -> None:
    largest = FORMATS[name].largest
    anything = st.floats(-largest, largest)
    value = data.draw(anything if name == "float64" else ties(name) | anything)
    assert float(FORMATS[name].rounded(np.array([value]))[0]) == nearest(value, name)


@given(st.floats(width=32, allow_nan=False))
def test_bfloat16_is_the_upper_half_of_float32(value: float) -> None:
    (found,) = FORMATS["bfloat16"].round(np.array([value], np.float32))
    (upper,) = struct.unpack(">I", struct.pack(">f", found))
    assert upper & 0xFFFF == 0
    (below,) = struct.unpack(">I", struct.pack(">f", value))
    neighbours = [struct.unpack(">f", struct.pack(">I", (below & 0xFFFF0000) + step))[0] for step in (0, 0x10000)]
    assert found in neighbours
    if all(map(np.isfinite, neighbours)):
        assert abs(Fraction(value) - Fraction(float(found))) == min(
            abs(Fraction(value) - Fraction(n)) for n in neighbours
        )


@pytest.mark.parametrize("name", FORMATS)
def test_special_numbers_stay(name: str) -> None:
    number = FORMATS[name]
    values = np.array([0.0, -0.0, np.inf, -np.inf, number.largest, -number.largest], number.work)
    rounded = number.round(values)
    assert rounded.tobytes() == values.tobytes()
    assert rounded.dtype == number.work
    assert np.isnan(number.round(np.array([np.nan], number.work))).all()


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_what_overflows_is_infinite_and_no_error(name: str) -> None:
    with np.errstate(over="raise"):
        assert FORMATS[name].round(np.array([3.4e38, -3.4e38], np.float32)).tolist() == [np.inf, -np.inf]


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
def test_what_is_stored_is_loaded(name: str, data: st.DataObject) -> None:
    number = FORMATS[name]
    values = number.rounded(np.array(data.draw(st.lists(st.floats(-6e4, 6e4), max_size=5)), np.float64))
    stored = number.stored(values)
    assert stored.dtype.itemsize == {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}[name]
    assert number.loaded(stored).tobytes() == values.tobytes()


@pytest.mark.parametrize("name", FORMATS)
def test_the_largest_number_and_the_roundoff(name: str) -> None:
    number = FORMATS[name]
    bits = SHAPES[name][0]
    assert number.roundoff == 2.0**-bits
    assert nearest(number.largest, name) == number.largest
    assert float(number.rounded(np.array([1 + number.roundoff]))[0]) == 1.0
    assert float(number.rounded(np.array([1 + 3 * number.roundoff]))[0]) == 1 + 4 * number.roundoff


def test_there_is_no_other_format() -> None:
    with pytest.raises(UsageError, match="choose one of float64, float32, float16, bfloat16"):
        number_format("float8")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_what_is_too_large_becomes_infinite_without_a_warning(name: str) -> None:
    assert FORMATS[name].round(np.array([1e39, -1e39, 1.0])).tolist() == [np.inf, -np.inf, 1.0]
