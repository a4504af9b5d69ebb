"""The cell types that PyTorch has as one layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Layer:
    """kind: the class in torch.nn; name: what the tensors of the weights file begin with; options: of the class."""

    kind: str
    name: str
    options: Mapping[str, str] = field(default_factory=dict)


LAYERS = {
    "lstm": Layer("LSTM", "lstm"),
    "gru": Layer("GRU", "gru"),
    "rnn": Layer("RNN", "rnn"),
    "rnn-relu": Layer("RNN", "rnn", {"nonlinearity": "relu"}),
}
