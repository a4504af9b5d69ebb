"""The plugin keeps the contract, and makes the strings that it says."""

import lstmc
from lstmc.testing import assert_conforms


def test_the_contract() -> None:
    assert_conforms("lstmc.grammars", "NAME")


def test_the_strings() -> None:
    network = lstmc.compile(lstmc.load_grammar("NAME", {"times": 2}))
    assert network.accepts("abab")
    assert not network.accepts("ab")
    assert not network.accepts("aabb")
