"""Networks in PyTorch."""

import pytest
from agreeing import CASES, case, check_strings_and_loops, runtimes, started

from lstmc.export import Package


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("torch"))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    with started("torch", Package(case(name).network), runtime) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.slow
@pytest.mark.parametrize("runtime", runtimes("torch"))
@pytest.mark.parametrize("number_format", ["float64", "float16", "bfloat16", "int8"])
def test_every_number_format(number_format, runtime):
    int8 = number_format == "int8"
    tried = case("reber", "float32" if int8 else number_format)
    with started("torch", Package(tried.network, quantize=int8), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)
