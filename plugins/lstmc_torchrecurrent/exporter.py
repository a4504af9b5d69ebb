"""A `state_dict` without pickle for torchrecurrent's PeepholeLSTM, whose gates and peepholes are stacked as ours."""

from collections.abc import Mapping
from typing import Any, ClassVar

from lstmc.export import Package, StateDict

NAMES = {"weight_ih_l0": "weight_ih", "weight_hh_l0": "weight_hh", "weight_ch_l0": "weight_ph"}
NAMES |= {"bias_ih_l0": "bias_ih", "bias_hh_l0": "bias_hh"}


class Torchrecurrent(StateDict):
    """The numbers of a PyTorch module: a PeepholeLSTM and a Linear reader."""

    title: ClassVar[str] = "torchrecurrent"
    suffix: ClassVar[str] = ".torchrecurrent.safetensors"
    install: ClassVar[str] = "pip install 'lstmc[torchrecurrent]'"
    cells: ClassVar[tuple[str, ...]] = ("peephole",)
    lacks: ClassVar[Mapping[str, str]] = {"int8": "torchrecurrent has no int8 layers"}
    imports: ClassVar[str] = "import torch\nimport torchrecurrent\nfrom safetensors import safe_open"
    layers: ClassVar[str] = "self.recurrent = torchrecurrent.PeepholeLSTM(len(symbols), size, batch_first=True)"
    run: ClassVar[str] = "h, state = self.recurrent(one_hot, state)"
    predict: ClassVar[str] = """\
def predict(tokens, h=None, c=None):  # tokens (batch, time); states (batch, cells)
    *logits, h, c = net(torch.as_tensor(tokens), None if h is None else (h[None], c[None]))
    return *logits, h[0], c[0]"""

    def tensors(self, package: Package) -> Mapping[str, Any]:
        found = dict(package.tensors)
        return found | {f"recurrent.cells.0.{theirs}": found.pop(f"peephole.{ours}") for ours, theirs in NAMES.items()}


EXPORTER = Torchrecurrent()
