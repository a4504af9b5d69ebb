"""The committed weights and certificates are what the compiler makes of the shipped grammars, byte for byte.

lstmc compile grammars/*.yaml       makes them anew, for a person to look at what `git diff --stat weights` says
"""

from pathlib import Path

import pytest

import lstmc
from lstmc.shipped import shipped

WEIGHTS = Path(__file__).parent.parent / "weights"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_weights_and_certificates_are_what_the_compiler_makes(name: str) -> None:
    network, certificate = lstmc.compile_proved(lstmc.load_grammar(name))
    assert (WEIGHTS / f"{name}.safetensors").read_bytes() == network.to_bytes(), __doc__
    assert (WEIGHTS / f"{name}.proof.json").read_bytes() == certificate.to_bytes(), __doc__


def test_every_grammar_has_both_files_and_no_others_lie_about() -> None:
    wanted = {f"{name}.{kind}" for name in shipped() for kind in ("safetensors", "proof.json")}
    assert {path.name for path in WEIGHTS.iterdir()} == wanted


@pytest.mark.parametrize("name", sorted(shipped()))
def test_they_are_small(name: str) -> None:
    assert (WEIGHTS / f"{name}.safetensors").stat().st_size < 1_000_000
    assert (WEIGHTS / f"{name}.proof.json").stat().st_size < 100_000


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_checker_confirms_them(name: str) -> None:
    files = [(WEIGHTS / f"{name}.{kind}").read_bytes() for kind in ("safetensors", "proof.json")]
    assert lstmc.verify(*files, grammar=lstmc.load_grammar(name).meaning()).violations == []
