"""Networks in ONNX Runtime, and in the reference evaluator of onnx."""

import pytest
from agreeing import CASES, case, check_strings_and_loops, runtimes, started

from lstmc.export import Package

FORMATS = {"onnxruntime": ("float16", "int8"), "onnx-reference": ("float64", "float16", "bfloat16")}


@pytest.mark.parametrize("runtime", runtimes("onnx"))
@pytest.mark.parametrize("name", CASES)
def test_the_printed_snippet_predicts_right(name, runtime):
    with started("onnx", Package(case(name).network), runtime) as worker:
        check_strings_and_loops(worker, case(name), "float32")


@pytest.mark.parametrize("runtime", runtimes("onnx"))
@pytest.mark.parametrize("number_format", ["float64", "float16", "bfloat16", "int8"])
@pytest.mark.parametrize("name", CASES)
def test_every_number_format(name, number_format, runtime):
    if number_format not in FORMATS[runtime.name]:
        pytest.skip(runtime.lacks[number_format])
    int8 = number_format == "int8"
    tried = case(name, "float32" if int8 else number_format)
    with started("onnx", Package(tried.network, quantize=int8), runtime) as worker:
        check_strings_and_loops(worker, tried, number_format)
