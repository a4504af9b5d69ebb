"""Weights of 8 bits, by ONNX Runtime's own means."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from onnx import ModelProto

PREPARED = ("onnx.quant.pre_process", "onnxruntime.quant")  # says that there is nothing to prepare, as there is not


def quantized(model: "ModelProto") -> "ModelProto":
    """The same network with the LSTM's weights as int8, one scale for each row; all else stays as it is.

    A scale for each row keeps larger alphabets right than one for each matrix. The reader is small, and stays in
    float32: its logits hold logarithms of probabilities, and int8 would move them by up to a quarter.
    """
    from onnx import helper, load
    from onnxruntime.quantization import QuantType, quantize_dynamic

    prepared = type(model)()
    prepared.CopyFrom(model)
    prepared.metadata_props.add(key=PREPARED[0], value=PREPARED[1])
    with TemporaryDirectory(prefix="lstmc-") as folder:
        file = Path(folder) / "int8.onnx"
        quantize_dynamic(prepared, file, op_types_to_quantize=["LSTM"], per_channel=True, weight_type=QuantType.QInt8)
        made = load(file)
    made.producer_name, made.producer_version = model.producer_name, model.producer_version
    helper.set_model_props(made, {entry.key: entry.value for entry in model.metadata_props})
    _keep_docs(made, model)
    return made


def _keep_docs(made: "ModelProto", model: "ModelProto") -> None:
    """The quantized LSTM gets the name and the explanation of the one that it replaces."""
    (was,) = (node for node in model.graph.node if node.op_type == "LSTM")
    (now,) = (node for node in made.graph.node if node.op_type == "DynamicQuantizeLSTM")
    now.name, now.doc_string = was.name, was.doc_string
