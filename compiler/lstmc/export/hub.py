"""A folder for model hubs: the network, its proof, its grammar, and a model card made from the network itself.

    reber-hub/
        model.safetensors       the weights file of `lstmc compile`, byte for byte
        model.proof.json        its certificate          grammar.yaml     the grammar that it is a proof of
        config.json             what there is to know without reading the weights
        README.md               the model card: what it is, what is proved, how to load it

`lstmc.load`, `lstmc_torch.load` and the commands that take weights take such a folder, too.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Any

from lstmc.export.literals import python_literal
from lstmc.export.package import Package
from lstmc.files import IN_FOLDER
from lstmc.grammar import Grammar
from lstmc.grammar.convert import text_of
from lstmc.proof.checker import Verdict
from lstmc.version import VERSION
from lstmc.visible import visible_json

HUB, SUFFIX = "hub", "-hub"
PROOF, GRAMMAR, CONFIG, CARD = "model.proof.json", "grammar.yaml", "config.json", "README.md"


def hub_files(package: Package, certificate: bytes | None, verdicts: Sequence[Verdict]) -> dict[str, bytes | None]:
    """What stands in the folder, by name; None where a file is not to be there.

    certificate   that of the network, from which the grammar comes          verdicts   what the checker found in it
    """
    grammar = None
    if certificate is not None:
        said = json.loads(certificate)["grammar"]
        grammar = text_of(Grammar.from_dict(said, f"the certificate of '{package.name}'"), "yaml").encode()
    return {
        IN_FOLDER: package.network.to_bytes(),
        PROOF: certificate,
        GRAMMAR: grammar,
        CONFIG: (json.dumps(_config(package), indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode(),
        CARD: _card(package, verdicts).encode(),
    }


def loading(folder: Path, package: Package) -> str:
    """The program that loads the folder."""
    return PROGRAM.substitute(folder=python_literal(str(folder)), example=python_literal(package.example))


def _config(package: Package) -> dict[str, Any]:
    """What hubs and programs ask before they load anything: all that is known but the cells."""
    about = {key: value for key, value in package.about.items() if key != "cells"}
    return about | {"library_name": "lstmc", "model_type": package.cell, "hidden_size": package.size}


def _card(package: Package, verdicts: Sequence[Verdict]) -> str:
    options = package.network.header.options
    return CARD_TEXT.substitute(
        name=package.name,
        cell=package.cell,
        version=VERSION,
        dtype=package.network.header.dtype,
        size=f"{package.size:,}",
        level=options["level"],
        gain=options["gain"],
        grammar="`grammar.yaml` in this folder" if verdicts else "not in this folder",
        alphabet=_block(package.alphabet),
        outputs=f"It puts out\n\n{_block(package.outputs)}\n" if package.outputs else "",
        proved=_proved(verdicts) if verdicts else "Nothing: there is no certificate.\n",
        program=loading(Path(f"{package.name}{SUFFIX}"), package),
        folder=f"{package.name}{SUFFIX}",
    )


def _block(names: Sequence[str]) -> str:
    """Names as JSON, on a line of their own that nothing in them can end."""
    return f"```json\n{visible_json(json.dumps(names, ensure_ascii=False))}\n```\n"


def _proved(verdicts: Sequence[Verdict]) -> str:
    """What the checker found, contract by contract."""
    rows = "".join(f"| {each.contract} | {_cell(each.says)} |\n" for each in verdicts)
    return PROVED.substitute(rows=rows)


def _cell(text: str) -> str:
    """A text that stays in its place in a table, and means no markup."""
    return "".join(f"&#{ord(c)};" if c in "|<>&`*_[]\\" else c for c in text)


PROGRAM = Template("""\
import lstmc

network = lstmc.load($folder)
print(*network.run($example).next)
""")
PROVED = Template("""\
That it follows its grammar, under each contract on the arithmetic on strings as long as stands here:

| contract | proved for |
|---|---|
$rows
`lstmc verify` checks that again.
""")
CARD_TEXT = Template("""\
---
library_name: lstmc
license: unknown
tags:
- lstm
- automata
- formal-languages
- interpretability
---

# $name

A recurrent network of the cell type `$cell` that follows a grammar, made by lstmc $version. Nothing was trained: each
weight stands for a rule of the grammar, and `lstmc explain` says for which.

| | |
|---|---|
| memory cells | $size |
| number format | $dtype |
| made with | -O$level, gain $gain |
| grammar | $grammar |

It reads the symbols

$alphabet
and says after each one what may come next, `end` among it.

$outputs## What is proved

$proved
## How to load it

```python
$program```

In PyTorch, as a module:

```python
import lstmc_torch

module = lstmc_torch.load("$folder")  # unfused=True: every gate a submodule
```

The licence of the network is that of its grammar: say it in the first lines of this file.
""")
