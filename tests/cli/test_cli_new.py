"""lstmc new: what it writes works as it stands, and nothing is overwritten."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest
import yaml

import lstmc
from lstmc.shipped import shipped


def test_a_grammar_to_begin_with_is_right_and_says_what_to_do_next(cli, folder):
    outcome = cli("new", "turns")
    assert outcome.out.split() == ["turns.yaml", "grammar.schema.json"]
    assert "next: lstmc check turns.yaml --watch\n" in outcome.err
    assert cli("check", "turns.yaml").out.startswith("turns.yaml: fine, digest ")
    network = lstmc.compile(lstmc.load_grammar("turns.yaml"))
    assert [network.accepts(string) for string in ("", "ab", "abab", "a", "ba")] == [True, True, True, False, False]


def test_the_ending_may_be_written_too(cli, folder):
    assert cli("new", "turns.yaml").out.split() == ["turns.yaml", "grammar.schema.json"]
    assert lstmc.load_grammar("turns.yaml").name == "turns"


def test_editors_find_the_schema_beside_it(cli, folder):
    cli("new", "turns")
    first = Path("turns.yaml").read_text("utf-8").partition("\n")[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    jsonschema.validate(
        yaml.safe_load(Path("turns.yaml").read_text("utf-8")), json.loads(Path(named).read_text("utf-8"))
    )
    assert cli("new", "others").out == "others.yaml\n"  # the schema is there


@pytest.mark.parametrize("source", shipped())
def test_a_shipped_grammar_under_another_name_with_its_comments(source, cli, folder):
    assert cli("new", "mine", "--from", source).code == 0
    mine, theirs = lstmc.load_grammar("mine.yaml"), lstmc.load_grammar(source)
    assert mine.name == "mine"
    assert mine.to_dict() == {**theirs.to_dict(), "name": "mine"}
    ours, text = Path("mine.yaml").read_text("utf-8"), shipped()[source].read_text("utf-8")
    assert ours.splitlines()[2:] == [line.replace(f"name: {source}", "name: mine") for line in text.splitlines()[2:]]


def test_a_plugin_s_grammar_is_written_out(cli, folder):
    assert cli("new", "nested", "--from", "embedded-reber", "--set", "depth=2").code == 0
    assert len(lstmc.load_grammar("nested.yaml").graph) == len(lstmc.load_grammar("embedded-reber", {"depth": 2}).graph)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["a b"], 2, "for example a-b"),
        (["../up"], 2, "cannot be the name of a grammar"),
        ([""], 2, "for example my-grammar"),
        (["Caf\u00e9"], 2, "for example Cafe"),
        (["turns"], 3, "turns.yaml is there already"),
        (["new", "--from", "nowhere"], 3, "there is no grammar 'nowhere'"),
        (["x", "--from", "reber", "--set", "depth=2"], 2, "takes no parameters"),
        (["a b", "--plugin"], 2, "for example a-b"),
        (["reber", "--plugin"], 2, "there is a grammar 'reber' already"),
        (["tomita", "--plugin"], 2, "there is a grammar 'tomita' already"),
        (["there", "--plugin"], 3, "there is there already"),
        (["x", "--plugin", "--from", "reber"], 2, "leave out --from"),
    ],
)
def test_what_cannot_be_begun(arguments, code, said, cli, folder):
    Path("turns.yaml").write_text("mine", "utf-8")
    Path("there").mkdir()
    outcome = cli("new", *arguments)
    assert outcome.code == code
    assert said in outcome.err
    assert sorted(path.name for path in Path().iterdir()) == ["there", "turns.yaml"]
    assert Path("turns.yaml").read_text("utf-8") == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["repeat", "9.1-x"])
def test_a_plugin_to_begin_with_keeps_the_contract_and_its_tests_pass(name, cli, folder, monkeypatch):
    """Installed as `pip install` would; benchmarks/fresh_plugin.py does so in a fresh environment."""
    outcome = cli("new", "--plugin", name)
    assert outcome.code == 0
    assert all(Path(file).is_file() for file in outcome.out.split())
    project = tomllib.loads(Path(name, "pyproject.toml").read_text("utf-8"))["project"]
    info = Path(name, "site", f"{project['name']}-0.1.0.dist-info")
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 0.1.0\n", "utf-8")
    points = project["entry-points"]["lstmc.grammars"]
    (info / "entry_points.txt").write_text(
        "[lstmc.grammars]\n" + "".join(f"{key} = {value}\n" for key, value in points.items()), "utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", f"{folder / name}:{folder / name / 'site'}")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    ran = subprocess.run(tests, cwd=folder / name, capture_output=True, text=True)
    assert "2 passed" in ran.stdout, ran.stdout
    compiled = subprocess.run(
        [sys.executable, "-m", "lstmc", "compile", name, "--set", "times=2"], capture_output=True, text=True
    )
    assert f"build/{name}-times-2.safetensors: " in compiled.stdout, compiled.stderr
