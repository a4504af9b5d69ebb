"""The committed weights are what the compiler makes of the shipped grammars, byte for byte.

lstmc compile grammars/*.yaml       makes them anew, for a person to look at what `git diff --stat weights` says
"""

from pathlib import Path

import pytest

import lstmc
from lstmc.shipped import shipped

WEIGHTS = Path(__file__).parent.parent / "weights"


@pytest.mark.parametrize("name", sorted(shipped()))
def test_weights_are_what_the_compiler_makes(name: str) -> None:
    fresh = lstmc.compile(lstmc.load_grammar(name)).to_bytes()
    assert (WEIGHTS / f"{name}.safetensors").read_bytes() == fresh, __doc__


def test_every_grammar_has_weights_and_no_others_lie_about() -> None:
    assert {path.stem for path in WEIGHTS.glob("*.safetensors")} == set(shipped())


@pytest.mark.parametrize("name", sorted(shipped()))
def test_weights_are_small(name: str) -> None:
    assert (WEIGHTS / f"{name}.safetensors").stat().st_size < 1_000_000
