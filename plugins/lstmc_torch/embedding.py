"""Put a compiled network into a larger one, as the beginning of training."""

from collections.abc import Callable
from copy import deepcopy
from math import inf, log, tanh
from typing import Literal

import torch
from torch import Tensor, nn

import lstmc
from lstmc.errors import UsageError
from lstmc_torch.module import GrammarLstm, GrammarModule, to_module

Others = Literal["random", "zero"]


def embed(
    module: GrammarModule | lstmc.Network,
    hidden_size: int,
    others: Others = "random",
    gain: float | None = None,
    doubt: float | None = None,
    generator: torch.Generator | None = None,
) -> GrammarLstm:
    """A new module of `hidden_size` units, the units of `module` first, that predicts what `module` does.

    module      of `load`, or a compiled network

    The other units may read the first ones, but not the other way round: the weights from others to them, and to the
    read-out, are 0 until training changes them.

    others      weights of the other units: "random", as PyTorch draws them, or "zero": units that say 0 and, since
                every gradient of theirs is 0, never learn
    gain        makes the gates of `module` as steep as if it had been compiled with this gain (weights and biases are
                linear in it). At the compiled gain, some 128 to 256, gates are exactly 0 or 1 and their gradients
                exactly 0, but those of some writers: hardly more than the read-out and the other units learn. At 8 or
                so all learn. A low gain loses the proof: gates are not quite shut and not quite open, memories leak,
                and long strings may be read wrong
    doubt       about how likely each symbol becomes that the grammar forbids. Logits are ±K where K is 16 or more, a
                certainty that costs much when it is wrong, and that many steps are needed to unlearn; this makes
                K = −ln(doubt)/2. Choose it smaller than the probabilities of the grammar; `module` must be as compiled
    generator   for the random weights; PyTorch's own where not given

    Without `gain` and `doubt` the logits are those of `module`. Raises UsageError where `hidden_size` is smaller than
    the network, and for values that there are not.
    """
    if isinstance(module, lstmc.Network):
        module = to_module(module)
    if not isinstance(module, GrammarLstm):
        help = "load it without unfused=True" if module.compiled.cell == "lstm" else "compile with --cell lstm"
        raise UsageError("a module that has no LSTM layer cannot be embedded", help)
    _check(module, hidden_size, others, gain, doubt)
    numbers = _numbers(others, hidden_size, generator)
    factor = 1.0 if gain is None else gain / module.gain
    embedded = deepcopy(module)
    embedded.gain = module.gain * factor
    with torch.no_grad():
        embedded.lstm = _larger_lstm(module.lstm, hidden_size, numbers, factor)
        embedded.reader = _wider(module.reader, hidden_size)
        embedded.output = _wider(module.output, hidden_size) if module.output is not None else None
        if doubt is not None:
            _doubt(embedded.reader, doubt)
    return embedded


def _check(module: GrammarLstm, hidden_size: int, others: str, gain: float | None, doubt: float | None) -> None:
    size = module.lstm.hidden_size
    if hidden_size < size:
        raise UsageError(f"'{module.name}' has {size} units, more than {hidden_size}", "make hidden_size larger")
    if others not in ("random", "zero"):
        raise UsageError(f"others cannot be '{others}'", "choose random or zero")
    if gain is not None and not 0 < gain < inf:
        raise UsageError(f"gain cannot be {gain}", "choose a number above 0, such as 8")
    if doubt is not None and not 0 < doubt < 1:
        raise UsageError(f"doubt cannot be {doubt}", "choose a number between 0 and 1, such as 0.01")


def _numbers(others: Others, hidden_size: int, generator: torch.Generator | None) -> Callable[..., Tensor]:
    """Makes numbers of a shape: as nn.LSTM begins, uniform within ±1/√H, or zeros."""
    within = hidden_size**-0.5 if others == "random" else 0.0
    device = generator.device if generator is not None else "cpu"

    def numbers(*shape: int) -> Tensor:
        return torch.empty(shape, device=device).uniform_(-within, within, generator=generator)

    return numbers


def _larger_lstm(lstm: nn.LSTM, hidden_size: int, numbers: Callable[..., Tensor], factor: float) -> nn.LSTM:
    """The layer with more units behind its own: within each of the four gates i, f, g, o, its rows come first."""
    size, like = lstm.hidden_size, lstm.weight_ih_l0
    empty = nn.LSTM(lstm.input_size, hidden_size, batch_first=True, device="meta", dtype=like.dtype)
    larger = empty.to_empty(device=like.device)  # so that no random number is drawn in vain
    for name, values in lstm.named_parameters():
        columns = {"weight_ih_l0": lstm.input_size, "weight_hh_l0": hidden_size}.get(name)
        shape = (4, hidden_size) if columns is None else (4, hidden_size, columns)
        gates = numbers(*shape).to(values)
        gates[:, :size] = 0
        own = values.unflatten(0, (4, size)) * factor
        gates[(slice(None), slice(size), *(slice(width) for width in own.shape[2:]))] = own
        getattr(larger, name).copy_(gates.flatten(0, 1))
    return larger


def _wider(layer: nn.Linear, hidden_size: int) -> nn.Linear:
    """The layer with weights of 0 on more units behind its own."""
    like = layer.weight
    empty = nn.Linear(hidden_size, layer.out_features, device="meta", dtype=like.dtype)
    wider = empty.to_empty(device=like.device)
    wider.weight.zero_()
    wider.weight[:, : layer.in_features] = layer.weight
    wider.bias.copy_(layer.bias)
    return wider


def _doubt(reader: nn.Linear, doubt: float) -> None:
    """Make the logits K + ln p and −K of a compiled read-out those of a smaller K.

    A bias is one or the other; a weight is 0, or what leads from −K to K + ln p or back. The first cell alone is on
    where nothing is allowed, so it tells K.
    """
    strength = -(reader.bias + reader.weight[:, 0] * tanh(1))
    less = strength + log(doubt) / 2
    for values, away in ((reader.bias, less), (reader.weight, 2 * less[:, None] / tanh(1))):
        values -= values.sign() * torch.minimum(values.abs(), away)
