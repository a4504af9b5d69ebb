"""Weights files with damaged bytes: the loader and the checker refuse them, unless they still mean the same.

The digests inside are not made right again, so this tries what happens to files; tests/altered_files.py tries what an
attacker does who makes them right.
"""

import json
import time
from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random

from hypothesis import strategies as st

from lstmc.errors import LstmcError
from lstmc.grammar.catalogue import load_grammar
from lstmc.network.weights_file import from_bytes
from lstmc.pipeline import compile_proved
from lstmc.proof.checker import check
from lstmc.testing.mutation import PIECES, SLOWEST

CHANGES = (1, 1, 1, 2, 8)
CHECKED = 0.1  # of the mutants: the checker takes longer than the loader

SUBJECTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("reber", {}),
    ("reber", {"level": 2, "dtype": "float16"}),
    ("reber", {"level": 0, "cell": "toy"}),
    ("number", {"dtype": "bfloat16"}),
    ("edge-detector", {"level": 2, "dtype": "float64"}),
    ("third-from-end", {"memory": "rewrite"}),
    ("nested-3", {}),
    ("reber", {"cell": "coupled"}),
    ("reber", {"cell": "gru", "dtype": "float64"}),
    ("number", {"cell": "rnn"}),
    ("remainder-3", {"cell": "rnn-relu"}),
    ("edge-detector", {"cell": "lstm-1997"}),
    ("reber", {"cell": "slstm", "dtype": "bfloat16"}),
)


def judge(seed: int) -> str:
    """`refused` or `equal`, as a damaged copy of a subject is taken; what is wrong with that, where something is."""
    rng = Random(f"weights {seed}")
    data, certificate = subject(rng.randrange(len(SUBJECTS)))
    damaged = damage(data, rng)
    began = time.process_time()
    try:
        judgement = _judge(damaged, data)
        if rng.random() < CHECKED and judgement == "refused" and not check(damaged, certificate):
            return f"the checker accepts what the loader refuses: {damaged!r}"
    except Exception as error:  # which is what we look for
        return f"{type(error).__name__}: {error}: {damaged!r}"
    seconds = time.process_time() - began
    return judgement if seconds <= SLOWEST else f"an answer after {seconds:.1f} seconds: {damaged!r}"


def _judge(damaged: bytes, data: bytes) -> str:
    try:
        network = from_bytes(damaged)
    except LstmcError as error:
        return "refused" if error.message else "an error that says nothing"
    return "equal" if network.to_bytes() == data else f"accepted, but it means something else: {damaged!r}"


def judge_many(seed: int, count: int) -> Counter[str]:
    """How often each judgement was given, of `count` seeds from `seed` on."""
    return Counter(map(judge, range(seed, seed + count)))


@cache
def subject(number: int) -> tuple[bytes, bytes]:
    """A weights file and its certificate."""
    grammar, options = SUBJECTS[number]
    network, certificate = compile_proved(load_grammar(grammar), **options)  # type: ignore[arg-type]
    return network.to_bytes(), certificate.to_bytes()


def damaged_files() -> st.SearchStrategy[bytes]:
    """Weights files with a few random changes."""
    files = st.integers(0, len(SUBJECTS) - 1).map(lambda number: subject(number)[0])
    return st.builds(damage, files, st.randoms(use_true_random=False))


def damage(data: bytes, rng: Random) -> bytes:
    """The bytes with a few random changes; they always differ from those that were given."""
    damaged = data
    while damaged == data:
        for _ in range(rng.choice(CHANGES)):
            damaged = rng.choice(_CHANGES)(damaged, rng)
    return damaged


def _flip(data: bytes, rng: Random) -> bytes:
    if not data:
        return data
    at = _place(data, rng)
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def _insert(data: bytes, rng: Random) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + rng.choice(PIECES).encode("utf-8", "surrogatepass") + data[at:]


def _remove(data: bytes, rng: Random) -> bytes:
    at = rng.randint(0, len(data))
    return data[:at] + data[at + rng.randint(1, 16) :]


def _exchange(data: bytes, rng: Random) -> bytes:
    """Two pieces of the same length change places."""
    size = rng.choice((1, 2, 4, 8, 32))
    a, b = sorted(rng.randint(0, len(data)) for _ in range(2))
    if a + size > b or b + size > len(data):
        return data
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def _grow(data: bytes, rng: Random) -> bytes:
    return data + rng.choice((b"\0", b" ", data[-8:], data))


def _header(data: bytes, rng: Random) -> bytes:
    """The table of tensors written anew: sorted, spaced, with a key more or less."""
    size = int.from_bytes(data[:8], "little")
    try:
        table = json.loads(data[8 : 8 + size])
        name = rng.choice(sorted(table))
        change = rng.randrange(4)
        if change == 0:
            del table[name]
        elif change == 1:
            table["__metadata__"]["more"] = "1"
        elif change == 2:
            table[name]["shape"] = table[name].get("shape", [1])[::-1]
        text = json.dumps(table, sort_keys=rng.random() < 0.5).encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        return data  # damaged before
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data[8 + size :]


def _place(data: bytes, rng: Random) -> int:
    """Anywhere, but as often in the first bytes and in the header as in the numbers."""
    return rng.randrange(min(len(data), rng.choice((8, 500, len(data)))))


Change = Callable[[bytes, Random], bytes]
_CHANGES: tuple[Change, ...] = (_flip, _flip, _flip, _insert, _remove, _exchange, _cut, _grow, _header)
JUDGES = {"bytes": judge}
