"""Stand-ins for the cell types that frameworks have as a layer, laid out as in PyTorch, with random weights."""

from typing import ClassVar

from strange_cells import Minimal

from lstmc.network.equations import Equations
from lstmc.network.network import Rows, Weights

READERS = {
    "readout": Weights(None, Rows("reader.weight"), (Rows("reader.bias"),)),
    "output": Weights(None, Rows("output.weight"), (Rows("output.bias"),)),
}


def gate(layer, block):
    biases = (Rows(f"{layer}.bias_ih_l0", block), Rows(f"{layer}.bias_hh_l0", block))
    return Weights(Rows(f"{layer}.weight_ih_l0", block), Rows(f"{layer}.weight_hh_l0", block), biases)


class Gru(Minimal):
    """torch.nn.GRU: gates r, z, n."""

    cell: ClassVar[str] = "gru"
    equations: ClassVar[Equations] = Equations(
        ("h",),
        """
        reset = sigmoid(test(x, h))
        update = sigmoid(test(x, h))
        entering = test(x)
        remembered = test(h)
        candidate = tanh(entering + reset * remembered)
        h' = (1 - update) * candidate + update * h
        readout = read(h')
        """,
    )
    weights: ClassVar[dict[str, Weights]] = {
        "reset": gate("gru", 0),
        "update": gate("gru", 1),
        "entering": Weights(Rows("gru.weight_ih_l0", 2), None, (Rows("gru.bias_ih_l0", 2),)),
        "remembered": Weights(None, Rows("gru.weight_hh_l0", 2), (Rows("gru.bias_hh_l0", 2),)),
        **READERS,
    }


class Rnn(Minimal):
    """torch.nn.RNN."""

    cell: ClassVar[str] = "rnn"
    equations: ClassVar[Equations] = Equations(("h",), "h' = tanh(test(x, h))\nreadout = read(h')")
    weights: ClassVar[dict[str, Weights]] = {"h'": gate("rnn", 0), **READERS}


class RnnRelu(Rnn):
    """torch.nn.RNN with nonlinearity="relu"."""

    cell: ClassVar[str] = "rnn-relu"
    equations: ClassVar[Equations] = Equations(("h",), "h' = relu(test(x, h))\nreadout = read(h')")
