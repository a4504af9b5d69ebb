"""lstmc check: every problem of a grammar, with place and remedy."""

from operator import attrgetter
from pathlib import Path

import pytest
from checking import check_file

import lstmc
from lstmc.pipeline import grammar_digest

ERRORS = Path(__file__).parent.parent / "errors"


def test_a_grammar_that_is_fine(cli):
    outcome = cli("check", "reber", "tomita")
    assert (outcome.code, outcome.err) == (0, "")
    digests = [grammar_digest(lstmc.load_grammar(name)) for name in ("reber", "tomita")]
    assert outcome.out == "reber: fine, digest {:.16}\ntomita: fine, digest {:.16}\n".format(*digests)
    assert cli("check", "reber", "--json") == (0, "", "")


def test_every_problem_with_its_place_and_remedy(cli):
    text = "nodes:\n  - {id: a, start: true, accept: true}\nedges:\n  - {source: a, target: b, symbol: x}\n"
    Path("mine.yaml").write_text(text + "  - {source: a, target: a, symbol: end}\n", "utf-8")
    found = check_file("mine.yaml")
    outcome = cli("check", "mine.yaml")
    assert outcome.code == 1
    assert outcome.out == "".join(f"{each}\n\n" for each in found) + "mine.yaml: 2 errors, 0 warnings\n"
    assert "mine.yaml:4:25: error[G003]" in outcome.out
    objects = cli("check", "mine.yaml", "--json").objects
    assert [(each["code"], each["line"], each["column"]) for each in objects] == [
        (each.code, each.line, each.column) for each in found
    ]


def test_warnings_alone_are_fine(cli):
    text = "nodes: [{id: a, start: true, accept: true}, {id: far}]\nedges: [{source: a, target: a, symbol: x}]\n"
    Path("mine.yaml").write_text(text, "utf-8")
    outcome = cli("check", "mine.yaml")
    assert outcome.code == 0
    assert "\nmine.yaml: 0 errors, 1 warning, digest " in outcome.out


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted(path for path in ERRORS.iterdir() if path.suffix != ".txt"), ids=attrgetter("name")
)
def test_check_and_compile_agree_about_every_bad_file(cli, path):
    checked, compiled = cli("check", str(path)), cli("compile", str(path))
    assert checked.code == compiled.code != 70
    assert "a bug in lstmc" not in checked.err + compiled.err
    assert Path("build").exists() == (compiled.code == 0)


def test_all_are_checked_and_the_first_failure_gives_the_code(cli):
    Path("bad.yaml").write_text("nodes: []\nedges: []\n", "utf-8")
    outcome = cli("check", "missing.yaml", "bad.yaml", "reber")
    assert outcome.code == 3
    assert "missing.yaml: cannot be read" in outcome.err
    assert "bad.yaml: " in outcome.out
    assert outcome.out.endswith("reber: fine, digest 57e9566258e5f2a5\n")
    assert cli("check", "bad.yaml", "missing.yaml").code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["rebar"], 3, "did you mean 'reber'?"),
        (["embedded-reber", "--set", "depth=none"], 5, "depth must be a whole number from 1 to 12"),
        (["embedded-reber", "--set", "deep=2"], 5, "did you mean 'depth'?"),
        (["reber", "--set", "depth=2"], 2, "takes no parameters"),
        ([], 2, "missing argument"),
    ],
)
def test_what_cannot_be_checked(cli, arguments, code, message):
    outcome = cli("check", *arguments)
    assert outcome.code == code
    assert message in outcome.err


def test_a_limit_that_the_environment_moves(cli):
    outcome = cli("check", "reber", LSTMC_MAX_GRAMMAR_STATES="3")
    assert outcome.code == 4
    assert "LSTMC_MAX_GRAMMAR_STATES" in outcome.err


def test_a_transducer_with_two_outputs_for_one_string_is_an_error(cli):
    text = """
nodes: [{id: a, start: true, accept: true}, {id: b, accept: true}]
edges:
  - {source: a, target: a, symbol: x, output: u}
  - {source: a, target: b, symbol: x, output: v}
"""
    Path("two.yaml").write_text(text, "utf-8")
    outcome = cli("check", "two.yaml", "reber")
    assert outcome.code == 1
    assert outcome.out == "reber: fine, digest 57e9566258e5f2a5\n"
    assert "after 'x' the output may be 'u' and 'v'" in outcome.err


def test_symbols_that_look_like_options_are_symbols(cli):
    text = """
nodes: [{id: -h, start: true}, {id: --json}, {id: -O, accept: true}]
edges:
  - {source: -h, target: --json, symbol: --help}
  - {source: --json, target: -O, symbol: -O2}
  - {source: -O, target: -O, symbol: --}
"""
    Path("options.yaml").write_text(text, "utf-8")
    outcome = cli("check", "options.yaml")
    assert (outcome.code, outcome.out.partition(",")[0], outcome.err) == (0, "options.yaml: fine", "")
    assert cli("compile", "options.yaml").code == 0
    strings = ["--help -O2", "--help -O2 -- --", "-O2"]
    outcome = cli("run", "build/options.safetensors", "--", *strings)
    assert [line.split("\t")[1] for line in outcome.out.splitlines()] == ["accepted", "accepted", "dead"]
    assert cli("run", "options.yaml", input="\n".join(strings)).out == outcome.out
    assert cli("explain", "options.yaml", "--", "--json by --help").code == 0
