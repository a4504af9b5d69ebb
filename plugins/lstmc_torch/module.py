"""A compiled network as a module of PyTorch: it reads strings, answers in logits, and can be trained."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, overload

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

import lstmc
from lstmc.errors import UsageError
from lstmc.export import Package, tokens
from lstmc_torch.layers import LAYERS

if TYPE_CHECKING:
    from lstmc_torch.unfused import UnfusedNetwork

Strings: TypeAlias = str | Sequence[str | Sequence[str]] | Tensor
State: TypeAlias = tuple[Tensor, ...]


class Reading(NamedTuple):
    """What a network says after each symbol of B strings of T symbols.

    logits (B, T, S + 1)    the last column is the end of the string
    state                   (h, c) after the last symbol of each string, each (1, B, H) as nn.LSTM has them; of another
                            cell type what its cells carry
    outputs (B, T, O)       logits of a transducer's outputs; None for other networks
    lengths (B,)            of strings that were given as a list; behind the end of a string logits are 0. Else None

    One string that is not in a batch gives numbers that are not in a batch: logits (T, S + 1), h and c (1, H).
    """

    logits: Tensor
    state: State
    outputs: Tensor | None
    lengths: Tensor | None


@overload
def load(path: str | Path, unfused: Literal[False] = False) -> "GrammarModule": ...
@overload
def load(path: str | Path, unfused: Literal[True]) -> "UnfusedNetwork": ...
def load(path: str | Path, unfused: bool = False) -> "GrammarModule":
    """The network in a file of `lstmc compile` or of `lstmc export --to torch`.

    unfused   each part of the cells a submodule of its own, that hooks can read and change (`UnfusedNetwork`); so it is
              where PyTorch has no layer for the cell type

    Raises InputError where the file cannot be read or was altered, LimitError for a network that is too large for
    matrices in full.
    """
    network = lstmc.load(path)
    return to_module(network, unfused=True) if unfused else to_module(network)


@overload
def to_module(network: "lstmc.Network", unfused: Literal[False] = False) -> "GrammarModule": ...
@overload
def to_module(network: "lstmc.Network", unfused: Literal[True]) -> "UnfusedNetwork": ...
def to_module(network: "lstmc.Network", unfused: bool = False) -> "GrammarModule":
    """The module of a compiled network, in its number format. Parameters and errors as in `load`."""
    package = Package(network)
    if unfused or package.cell not in LAYERS:
        from lstmc_torch.unfused import UnfusedNetwork

        return UnfusedNetwork(package)
    module = GrammarLstm(package) if package.cell == "lstm" else FusedNetwork(package)
    module.load_state_dict({name: torch.from_numpy(values) for name, values in package.tensors.items()})
    return module


def to_network(module: "GrammarModule") -> "lstmc.Network":
    """The network with the numbers that the module has now, after training, say.

    It runs, is traced, explained, drawn and saved like any other, and `lstmc.counterexample` finds its first wrong
    string. Nothing is proved of it. Raises UsageError for a module with other units than the compiled network has, and
    for one whose numbers were made int8.
    """
    network, trained = module.compiled, module.numbers()
    shapes = network.shapes()
    if {name: tuple(getattr(values, "shape", ())) for name, values in trained.items()} != shapes:
        message = f"the module has other numbers than '{network.name}', whose cells have names and states"
        raise UsageError(message, "train the module of `load`, not a larger one of `embed` or one that was made int8")
    wide = torch.float64 if network.header.dtype == "float64" else torch.float32  # NumPy has no bfloat16
    tensors = {name: trained[name].detach().cpu().to(wide).numpy() for name in shapes}
    return replace(network, tensors=tensors)


class GrammarModule(nn.Module, ABC):
    """A network that reads strings, with what is needed to read them.

    alphabet    the S symbols, in the order of inputs and logits         end      the name of the last logit
    outputs     the O output symbols; () for other networks              gain     how steep the gates are
    cells       the names of the cells, in the order of the units        states   the state that each stands for
    compiled    the network that it was made of
    probable    whether softmax of the logits are the probabilities of the grammar
    """

    def __init__(self, package: Package) -> None:
        super().__init__()
        cells = package.network.header.cells
        self.name, self.alphabet, self.end, self.outputs = package.name, package.alphabet, package.end, package.outputs
        self.cells = tuple(cell.name for cell in cells)
        self.states = tuple(cell.state for cell in cells)
        self.gain = float(package.network.header.options["gain"])
        self.probable = package.probable
        self.compiled = package.network

    @property
    def units(self) -> int:
        """How many units there are: the cells, and what training got besides."""
        return len(self.cells)

    def numbers(self) -> dict[str, Tensor]:
        """The numbers that the module has now, by the names of the weights file."""
        return dict(self.state_dict())

    @abstractmethod
    def run(self, one_hot: Tensor, state: State | None, lengths: Tensor | None) -> tuple[Tensor, State]:
        """What the cells show after each symbol, (B, T, H), and the state after the last one of each string."""

    @abstractmethod
    def read(self, shown: Tensor) -> Tensor:
        """The logits, (…, S + 1), of what cells show, (…, H)."""

    @abstractmethod
    def say(self, shown: Tensor) -> Tensor | None:
        """The outputs of a transducer, (…, O), of what cells show, (…, H)."""

    def forward(self, strings: Strings, state: State | None = None) -> Reading:
        """Read strings, from the beginning or from a state on.

        strings   text, one string: "BTX"
                  a list of strings, each text or a list of symbols, of any lengths: ["BTXSE", "BPV"]
                  a tensor of whole numbers, the numbers of symbols, (B, T) or (T,)
                  a tensor of other numbers, (B, T, S) or (T, S): one-hot vectors, or how likely each symbol is
        state     (h, c) as a Reading has them; from zero where not given

        Text is split as everywhere in lstmc: at blanks where a symbol has several characters, else by character.
        Raises InputError for an unknown symbol, UsageError for a tensor that is none of these.
        """
        if isinstance(strings, Tensor):
            return self._read_tensor(self._one_hot(strings), state)
        if isinstance(strings, str):
            return self._read_tensor(self._one_hot(self.tokens(strings)), state)
        return self._read_list([self.tokens(string) for string in strings], state)

    def tokens(self, string: str | Sequence[str]) -> Tensor:
        """The numbers of the symbols of one string, (T,). Raises InputError for an unknown symbol."""
        if not (isinstance(string, Sequence) and all(isinstance(symbol, str) for symbol in string)):
            raise UsageError(f"{string!r} is no text and no list of symbols", "give numbers of symbols as one tensor")
        numbers = tokens(string, self.alphabet)
        return torch.tensor(numbers, dtype=torch.long, device=self._like.device)

    def allowed(self, string: str | Sequence[str] = "", state: State | None = None) -> tuple[str, ...]:
        """What may come after one string, `end` last: the names of the logits above 0.

        Compiled networks are made so. Training on probabilities does not keep logits above 0 for what is allowed.
        """
        names = zip((*self.alphabet, self.end), self._logits_after(string, state).tolist(), strict=True)
        return tuple(name for name, logit in names if logit > self.compiled.equations.threshold)

    def probabilities(self, string: str | Sequence[str] = "", state: State | None = None) -> dict[str, float]:
        """How likely everything is to come after one string, `end` last: softmax of the logits.

        On a dead prefix, which nothing can follow, it is uniform; `allowed` is then (). Raises UsageError for the
        network of a nondeterministic grammar, which has no probabilities.
        """
        if not self.probable:
            raise UsageError(f"'{self.name}' has no probabilities: its grammar is nondeterministic", "use `allowed`")
        chances = self._logits_after(string, state).double().softmax(-1)
        return dict(zip((*self.alphabet, self.end), chances.tolist(), strict=True))

    def extra_repr(self) -> str:
        return f"'{self.name}', symbols={len(self.alphabet)}, cells={len(self.cells)}, gain={self.gain:g}"

    @property
    def _like(self) -> Tensor:
        """A tensor of the number format and on the device of the inputs; a module made int8 has no parameters."""
        return next(self.parameters(), torch.empty(0, dtype=torch.float32, device="cpu"))

    def _one_hot(self, strings: Tensor) -> Tensor:
        """A tensor of either kind as (B, T, S) or (T, S)."""
        symbols = len(self.alphabet)
        if strings.is_floating_point() and strings.dim() in (2, 3) and strings.shape[-1] == symbols:
            return strings
        whole = not strings.is_floating_point() and not strings.is_complex() and strings.dtype != torch.bool
        if whole and strings.dim() in (1, 2):
            return nn.functional.one_hot(strings.long(), symbols).to(self._like.dtype)
        raise UsageError(
            f"a tensor of {strings.dtype} and shape {tuple(strings.shape)} means nothing here",
            f"give whole numbers, (B, T) or (T,), or floating point numbers, (B, T, {symbols}) or (T, {symbols})",
        )

    def _read_tensor(self, one_hot: Tensor, state: State | None) -> Reading:
        if one_hot.dim() == 2:
            return self._read_alone(one_hot, state)
        if one_hot.shape[1] == 0:  # which nn.LSTM refuses
            shown = one_hot.new_zeros((len(one_hot), 0, self.units))
            zero = one_hot.new_zeros((1, len(one_hot), self.units))
            state = (zero,) * len(self.compiled.equations.state) if state is None else state
        else:
            shown, state = self.run(one_hot, state, None)
        return Reading(self.read(shown), state, self.say(shown), None)

    def _read_alone(self, one_hot: Tensor, state: State | None) -> Reading:
        """As a batch of one, since layers that were made int8 take nothing else."""
        states = None if state is None else tuple(part[:, None] for part in state)
        logits, after, outputs, _ = self._read_tensor(one_hot[None], states)
        return Reading(logits[0], tuple(part[:, 0] for part in after), None if outputs is None else outputs[0], None)

    def _read_list(self, strings: list[Tensor], state: State | None) -> Reading:
        lengths = torch.tensor([len(string) for string in strings])
        if not len(strings) or not lengths.all():
            raise UsageError("an empty list, or an empty string in it, has nothing to read", "leave it out")
        shown, state = self.run(self._one_hot(pad_sequence(strings, batch_first=True)), state, lengths)
        ended = torch.arange(shown.shape[1]) >= lengths[:, None]
        logits, outputs = self.read(shown), self.say(shown)

        def padded(values: Tensor) -> Tensor:
            return values.masked_fill(ended[..., None].to(values.device), 0.0)

        return Reading(padded(logits), state, None if outputs is None else padded(outputs), lengths)

    def _logits_after(self, string: str | Sequence[str], state: State | None) -> Tensor:
        """(S + 1,), after one string; before the first symbol where it is empty."""
        with torch.no_grad():
            shown, *_ = self(self.tokens(string), state).state
            return self.read(shown.reshape(1, -1))[0]


class FusedNetwork(GrammarModule):
    """A recurrent layer of PyTorch and a linear read-out. Make one with `load`.

    gru, rnn    nn.GRU(S, H, batch_first=True), or nn.RNN
    reader      nn.Linear(H, S + 1), what may come next; the last row is the end of the string
    output      nn.Linear(H, O) for the outputs of a transducer, else None
    """

    def __init__(self, package: Package) -> None:
        """With the initial weights of PyTorch: `to_module` gives the compiled ones."""
        super().__init__(package)
        dtype, layer = getattr(torch, package.format), LAYERS[package.cell]
        self._layer = layer.name
        made = getattr(nn, layer.kind)(
            len(self.alphabet), len(self.cells), batch_first=True, dtype=dtype, **layer.options
        )
        self.add_module(layer.name, made)
        self.reader = nn.Linear(len(self.cells), len(self.alphabet) + 1, dtype=dtype)
        self.output = nn.Linear(len(self.cells), len(self.outputs), dtype=dtype) if self.outputs else None

    @property
    def units(self) -> int:
        return int(self.get_submodule(self._layer).hidden_size)

    def run(self, one_hot: Tensor, state: State | None, lengths: Tensor | None) -> tuple[Tensor, State]:
        layer, single = self.get_submodule(self._layer), len(self.compiled.equations.state) == 1
        given = state[0] if single and state is not None else state
        if lengths is None:
            shown, after = layer(one_hot, given)
        else:
            packed = pack_padded_sequence(one_hot, lengths, batch_first=True, enforce_sorted=False)
            found, after = layer(packed, given)
            shown = pad_packed_sequence(found, batch_first=True)[0]
        return shown, (after,) if single else after

    def read(self, shown: Tensor) -> Tensor:
        return self.reader(shown)

    def say(self, shown: Tensor) -> Tensor | None:
        return None if self.output is None else self.output(shown)


class GrammarLstm(FusedNetwork):
    """An LSTM layer and a linear read-out: `lstm` is nn.LSTM(S, H, batch_first=True), the rest as in FusedNetwork."""

    lstm: nn.LSTM
