"""lstmc check --output-format: the same problems for people, editors, programs and code hosts."""

import json
import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from checking import check_file

from lstmc.grammar.codes import KINDS
from lstmc.version import VERSION

ROOT = Path(__file__).parents[2]
ERRORS = ROOT / "tests" / "errors"
MISTAKES = (ERRORS / "eight-mistakes.yaml").read_text("utf-8")
HOSTILE = """
nodes: [{id: "a\\n::error::%0A,b", start: true, accept: true}]
edges: [{source: "a\\n::error::%0A,b", target: "\\r\\"'\\uFFFF 100%,x:y", symbol: x}]
"""
FORMATS = ["full", "concise", "json", "github", "sarif"]


@pytest.fixture
def mistakes(cli):
    """A file of eight mistakes, and what is wrong with it."""
    Path("mine.yaml").write_text(MISTAKES, "utf-8")
    return check_file("mine.yaml")


def read_commands(text):
    """Workflow commands as GitHub's runner reads them: severity, properties, message."""
    for line in text.splitlines():
        severity, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        pairs = (pair.partition("=")[::2] for pair in properties.split(","))
        yield severity, {key: unescaped(value, ",:%\r\n") for key, value in pairs}, unescaped(message, "%\r\n")


def unescaped(text, characters):
    return re.sub("|".join(f"%{ord(each):02X}" for each in characters), lambda match: chr(int(match[0][1:], 16)), text)


def results(outcome):
    (run,) = json.loads(outcome.out)["runs"]
    return run["results"]


def test_full_is_the_default_and_json_has_an_option_of_its_own(cli, mistakes):
    assert cli("check", "mine.yaml", "--output-format", "full") == cli("check", "mine.yaml")
    as_json = cli("check", "mine.yaml", "--json")
    assert len(as_json.objects) == len(mistakes)
    assert cli("check", "mine.yaml", "--output-format", "json") == as_json
    assert cli("check", "mine.yaml", "--output-format", "json", "--json") == as_json
    both = cli("check", "mine.yaml", "--output-format", "concise", "--json")
    assert (both.code, both.out) == (2, "")
    assert "--json is --output-format json, not concise" in both.err


def test_a_person_sees_errors_in_red_and_the_same_text(cli, mistakes):
    pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")
    from terminal import in_terminal, plain

    code, shown = in_terminal("check", "mine.yaml")
    assert (code, plain(shown)) == (1, cli("check", "mine.yaml").out)
    assert [f"\x1b[31m{each.headline}\x1b[0m" in shown for each in mistakes] == [True] * len(mistakes)


def test_concise_is_one_line_a_problem(cli, mistakes):
    outcome = cli("check", "mine.yaml", "reber", "--output-format", "concise")
    assert outcome.out.splitlines() == [
        f"mine.yaml:{each.line}:{each.column}: {each.severity}[{each.code}]: {each.message}" for each in mistakes
    ]


def test_github_shows_problems_in_the_code(cli, mistakes):
    outcome = cli("check", "mine.yaml", "--output-format", "github")
    found = list(read_commands(outcome.out))
    assert found[3] == (
        "error",
        {"file": "mine.yaml", "line": "10", "col": "25", "endColumn": "26", "title": "lstmc G003"},
        "state '3' is used but never defined\nhelp: add {id: 3} under `nodes:`",
    )
    assert [properties["title"] for _, properties, _ in found] == [f"lstmc {each.code}" for each in mistakes]


def test_sarif_is_one_document_for_the_run(cli, mistakes):
    outcome = cli("check", "mine.yaml", "reber", "mine.yaml", "--output-format", "sarif")
    (document,) = outcome.objects
    (run,) = document["runs"]
    assert document["version"] == "2.1.0"
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": []}]
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("lstmc", VERSION)
    rules = driver["rules"]
    assert [rule["id"] for rule in rules] == sorted({each.code for each in mistakes})
    for rule in rules:
        assert rule["shortDescription"]["text"] == KINDS[rule["id"]].title
        assert rule["help"]["text"].startswith(rule["fullDescription"]["text"])
        assert "Wrong:" in rule["help"]["markdown"]
    assert len(run["results"]) == 2 * len(mistakes)
    for result, problem in zip(run["results"], mistakes * 2, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.code
        assert result["level"] == problem.severity
        assert result["message"]["text"] == f"{problem.message}\nhelp: {problem.help}"
    assert run["results"][3]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "mine.yaml"},
                "region": {"startLine": 10, "startColumn": 25, "endColumn": 26},
            }
        }
    ]


def test_sarif_when_nothing_was_found(cli):
    outcome = cli("check", "reber", "--output-format", "sarif")
    (run,) = outcome.objects[0]["runs"]
    assert (outcome.code, outcome.err) == (0, "")
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}]


def test_sarif_tells_what_could_not_be_checked(cli):
    Path("old.yaml").write_bytes(b"name: caf\xe9\n")
    outcome = cli("check", "reber", "missing.yaml", "old.yaml", "--output-format", "sarif")
    (invocation,) = outcome.objects[0]["runs"][0]["invocations"]
    assert outcome.code == invocation["exitCode"] == 3
    assert not invocation["executionSuccessful"]
    told = [notification["message"]["text"] for notification in invocation["toolExecutionNotifications"]]
    assert outcome.err == "".join(f"error: {text}\n" for text in told)
    assert [text.partition(":")[0] for text in told] == ["missing.yaml", "old.yaml"]


@pytest.mark.parametrize("output_format", FORMATS)
def test_failures_are_told_on_standard_error_in_every_format(cli, output_format):
    outcome = cli("check", "missing.yaml", "--output-format", output_format)
    assert outcome.code == 3
    assert "missing.yaml: cannot be read" in outcome.err
    assert bool(outcome.out) == (output_format == "sarif")


@pytest.mark.slow
def test_every_document_is_what_the_official_schema_allows(cli, monkeypatch):
    """pydantic-sarif is made from the schema of OASIS; what the schema does not name, it refuses."""
    reason = "pydantic-sarif holds the schema of SARIF (pip install pydantic-sarif)"
    model = pytest.importorskip("pydantic_sarif.model", reason=reason)
    schema = model.StaticAnalysisResultsFormatSarifVersion210JsonSchema
    Path("bad-plugin.yaml").write_text("plugin: embeded-reber\n", "utf-8")
    monkeypatch.chdir(ROOT)
    files = [f"tests/errors/{path.name}" for path in sorted(ERRORS.iterdir()) if path.suffix != ".txt"]
    for arguments in (files, ["reber"], ["missing.yaml", "reber"]):
        outcome = cli("check", *arguments, "--output-format", "sarif")
        schema.model_validate_json(outcome.out)
        assert outcome == cli("check", *arguments, "--output-format", "sarif")
        for broken in (outcome.out.replace('"version": "2.1.0"', '"version": 2'), outcome.out.replace("tool", "tol")):
            with pytest.raises(ValueError, match="validation error"):
                schema.model_validate_json(broken)


NAMES = ["a,b:c%25.yaml", "::error::.yaml", "a\n::warning::b.yaml", "a b'\"&é😀.yaml", b"caf\xe9.yaml", "\u202e.yaml"]


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_file_names_may_hold_anything(cli, name):
    file = os.fsdecode(name)
    try:
        Path(file).write_text("nodes: []\nedges: []\n", "utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    for output_format in ("concise", "github"):
        assert len(cli("check", file, "--output-format", output_format).out.splitlines()) == 3
    assert cli("check", file).code == 1
    assert {each["file"] for each in cli("check", file, "--json").objects} == {file}
    for _, properties, _ in read_commands(cli("check", file, "--output-format", "github").out):
        assert properties["file"] == file.encode("utf-8", "backslashreplace").decode()
    for result in results(cli("check", file, "--output-format", "sarif")):
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9_.~%-]+", uri)
        assert unquote_to_bytes(uri) == os.fsencode(file)


@pytest.mark.parametrize("output_format", FORMATS)
def test_ids_and_symbols_may_hold_anything(cli, output_format):
    Path("hostile.yaml").write_text(HOSTILE, "utf-8")
    found = check_file("hostile.yaml")
    outcome = cli("check", "hostile.yaml", "--output-format", output_format)
    assert (outcome.code, outcome.err) == (1, "")
    assert not re.search(r"^::error::", outcome.out, re.MULTILINE)
    lines = outcome.out.splitlines()
    if output_format == "github":
        assert [message.partition("\nhelp: ")[0] for *_, message in read_commands(outcome.out)] == [
            each.message for each in found
        ]
    elif output_format == "sarif":
        assert len(lines) == 1
        assert [each["ruleId"] for each in results(outcome)] == [each.code for each in found]
    elif output_format != "full":
        assert len(lines) == len(found)


def test_a_plugins_graph_has_a_name_and_no_place(cli, monkeypatch):
    """A plugin may make a graph with a state that nothing leads to; there is no file to point into."""
    import networkx as nx

    from lstmc.grammar import catalogue

    graph = nx.MultiDiGraph()
    graph.add_node("a", start=True, accept=True)
    graph.add_node("far")
    graph.add_edge("a", "a", symbol="x")
    monkeypatch.setattr(catalogue, "load", lambda group, name: lambda: graph)
    outcome = cli("check", "embedded-reber", "--output-format", "github")
    assert [(severity, properties) for severity, properties, _ in read_commands(outcome.out)] == [
        ("warning", {"title": "lstmc G041"})
    ]
    (result,) = results(cli("check", "embedded-reber", "--output-format", "sarif"))
    assert result["level"] == "warning"
    assert result["locations"] == [{"logicalLocations": [{"name": "graph 'embedded-reber'"}]}]


def test_files_elsewhere_keep_their_place(cli, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "mine.yaml"
    here = Path.cwd() / "sub" / "mine.yaml"
    here.parent.mkdir()
    for file in (elsewhere, here):
        file.write_text("nodes: []\nedges: []\n", "utf-8")
    found = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in results(cli("check", str(elsewhere), str(here), "--output-format", "sarif"))
    }
    assert found == {elsewhere.as_uri(), "sub/mine.yaml"}
