from typing import Annotated, Literal

import pytest

from lstmc.errors import PluginError
from lstmc.grammar.parameters import ParameterError, Range, parameters_of, read_parameters


def factory(
    *,
    depth: Annotated[int, Range(1, 12)] = 1,
    density: Annotated[float, Range(0, 1)] = 0.5,
    continual: bool = False,
    symbol: str = "1",
    kind: Literal["2a", "2b"] = "2a",
    alphabet: tuple[str, ...] = ("0", "1"),
) -> object: ...


def read(**given):
    return read_parameters("plug", factory, given)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("depth", "12", 12),
        ("depth", "+3", 3),
        ("depth", 7, 7),
        ("density", ".25", 0.25),
        ("density", "1e-3", 0.001),
        ("density", 1, 1.0),
        ("continual", "True", True),
        ("continual", "false", False),
        ("continual", True, True),
        ("symbol", "010", "010"),
        ("kind", "2b", "2b"),
        ("alphabet", "a  no 1", ("a", "no", "1")),
        ("alphabet", ["no", "on"], ("no", "on")),
    ],
)
def test_values(name, value, expected):
    got = read(**{name: value})[name]
    assert (got, type(got)) == (expected, type(expected))


def test_what_is_not_given_has_its_default():
    assert read() == {
        "depth": 1,
        "density": 0.5,
        "continual": False,
        "symbol": "1",
        "kind": "2a",
        "alphabet": ("0", "1"),
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("depth", "x", 'depth must be a whole number from 1 to 12, not "x"'),
        ("depth", "13", 'depth must be a whole number from 1 to 12, not "13"'),
        ("depth", "0", 'depth must be a whole number from 1 to 12, not "0"'),
        ("depth", "1_0", 'depth must be a whole number from 1 to 12, not "1_0"'),
        ("depth", "٣", 'depth must be a whole number from 1 to 12, not "٣"'),
        ("depth", "9" * 5000, f'depth must be a whole number from 1 to 12, not "{"9" * 49}… (5002 characters)'),
        ("depth", True, "depth must be a whole number from 1 to 12, not True"),
        ("depth", 2.0, "depth must be a whole number from 1 to 12, not 2.0"),
        ("depth", ["2"], "depth must be a whole number from 1 to 12, not ['2']"),
        ("density", "nan", 'density must be a number from 0 to 1, not "nan"'),
        ("density", "1e999", 'density must be a number from 0 to 1, not "1e999"'),
        ("density", float("nan"), "density must be a number from 0 to 1, not nan"),
        ("density", "1.5", 'density must be a number from 0 to 1, not "1.5"'),
        ("continual", "yes", 'continual must be true or false, not "yes"'),
        ("continual", 1, "continual must be true or false, not 1"),
        ("symbol", 1, "symbol must be a text, not 1"),
        ("kind", "2d", 'kind must be one of 2a, 2b, not "2d"'),
        ("alphabet", [1], "alphabet must be a list of texts, not [1]"),
        ("alphabet", 1, "alphabet must be a list of texts, not 1"),
    ],
)
def test_wrong_values(name, value, message):
    with pytest.raises(ParameterError) as caught:
        read(**{name: value})
    (problem,) = caught.value.problems
    assert (problem.parameter, problem.message) == (name, message)
    assert caught.value.message == f"plug: {message}"
    assert caught.value.exit_code == 5


def test_every_problem_is_told_in_the_order_given():
    with pytest.raises(ParameterError) as caught:
        read(dept="3", kind="", depth="")
    assert [problem.parameter for problem in caught.value.problems] == ["dept", "kind", "depth"]
    takes = "it takes depth, density, continual, symbol, kind, alphabet"
    assert caught.value.problems[0].message == "there is no parameter 'dept'"
    leave = [f"leave {name} out to have its default: {default}" for name, default in (("kind", "2a"), ("depth", 1))]
    assert caught.value.help == "; ".join([f"did you mean 'depth'? {takes}", *leave])


def no_default(*, depth: int) -> object: ...
def no_type(*, depth=1) -> object: ...
def strange_type(*, depth: dict[str, int] = {}) -> object: ...  # noqa: B006
def strange_choice(*, depth: Literal[1, 2] = 1) -> object: ...
def unknown_type(*, depth: "Nowhere" = 1) -> object: ...  # noqa: F821
def by_position(depth: int = 1, /) -> object: ...
def anything(**depth: int) -> object: ...


@pytest.mark.parametrize(
    "broken", [no_default, no_type, strange_type, strange_choice, unknown_type, by_position, anything, 3]
)
def test_a_factory_that_cannot_be_called_by_text_is_a_broken_plugin(broken):
    with pytest.raises(PluginError, match="'plug' does not work: its parameters cannot be read: "):
        parameters_of("plug", broken)
