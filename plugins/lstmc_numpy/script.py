"""The texts of the script and of the snippet that loads it."""

from string import Template

from lstmc.export import Language

SCRIPT = Template('''\
"""A network that follows the grammar $name, in plain NumPy, each weight with its name.

    python $command        shows what may follow each symbol

Strings are read side by side: B strings of T symbols each; S symbols, H memory cells.
"""

import sys

import numpy as np


def sigmoid(z):
    """A gate: nearly 0 (shut) far below zero, nearly 1 (open) far above it."""
    with np.errstate(over="ignore"):  # where e^-z is too large for a number the gate is exactly 0
        return 1 / (1 + np.exp(-z))


$equations


class Tests:
    """Sums, one for each line of a table: a bias, the symbol's weight, and weights times what the cells show."""

    def __init__(self, lines):
        self.bias = np.array([bias for bias, _, _ in lines.values()], NUMBER)
        self.symbols = np.zeros((len(SYMBOLS), len(lines)), NUMBER)
        symbol_number, cell_number = ({name: n for n, name in enumerate(names)} for names in (SYMBOLS, CELLS))
        wires = []
        for n, (_, symbols, cells) in enumerate(lines.values()):
            for symbol, weight in symbols.items():
                self.symbols[symbol_number[symbol], n] = weight
            wires += [(n, cell_number[cell], weight) for cell, weight in cells.items()]
        to, source, weights = np.array(wires, float).reshape(-1, 3).T
        self.source, self.weights = source.astype(int), weights.astype(NUMBER)
        self.rows, self.starts = np.unique(to.astype(int), return_index=True)

    def __call__(self, cells, x=None):
        z = np.zeros((len(cells), len(self.bias)), NUMBER)
        z[:, self.rows] = np.add.reduceat(cells[:, self.source] * self.weights, self.starts, axis=1)
        return z + self.bias + (0 if x is None else self.symbols[x])


NUMBER = np.$number
SYMBOLS = $symbols
END = $end
CELLS = $cells

# A line is one test: its bias, its weights for symbols, its weights for cells. All others are 0.

$tables

# Where all this comes from: the rules of the grammar behind each cell, and digests of the weights and their proof.

ABOUT = $about

if __name__ == "__main__":
    string = $string
    for symbol in string:
        if symbol not in SYMBOLS:
            sys.exit(f"{symbol!r} is no symbol of this network, whose symbols are {', '.join(SYMBOLS)}")
    print("at first ->", *ABOUT["first"])
    logits = predict([[SYMBOLS.index(symbol) for symbol in string]])[0][0] if string else []
    for symbol, row in zip(string, logits):
        print(symbol, "->", *[name for name, logit in zip([*SYMBOLS, END], row) if logit > $threshold])
''')

EQUATIONS = Template('''\
def step(x, $state):
    """One symbol further: symbols x (B,), and what the cells carry, each (B, H)."""
$step
    return $after


def read($shown):
    """What may come next: (B, S + 1), above $threshold where it may."""
$read


def predict(tokens, $none):
    """Tokens (B, T) are numbers of symbols. Logits (B, T, S + 1) are what `read` gives${and_outputs}."""
    if $first is None:
        $zero = np.zeros((len(tokens), len(CELLS)), NUMBER)
    logits = []$outputs
    for x in np.transpose(tokens):
        $state = step(x, $state)
        logits.append(read($shown))$say
    return np.stack(logits, axis=1)$stacked, $state''')

NUMPY = Language(
    functions={
        "sigmoid": "sigmoid({})",
        "tanh": "np.tanh({})",
        "relu": "np.maximum({}, 0)",
        "exp": "np.exp({})",
        "logsigmoid": "-np.logaddexp(0, -({}))",
        "max": "np.maximum({}, {})",
    },
    signs={"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / "},
    constant="{!r}",
)
PURPOSES = {
    "eraser": "0 erases the memory, 1 keeps it",
    "writer": "tests for transitions: what to write",
    "write_filter": "0 where the writer is wrong, and writes nothing",
    "read_filter": "0 where the reader would be wrong, and sees nothing",
}

SNIPPET = Template("""\
import runpy

net = runpy.run_path($file)
symbols, end, predict = net["SYMBOLS"], net["END"], net["predict"]

tokens = [[symbols.index(symbol) for symbol in $example]]
logits = predict(tokens)[0][0, -1]
print(*[name for name, logit in zip([*symbols, end], logits) if logit > $threshold])
""")
