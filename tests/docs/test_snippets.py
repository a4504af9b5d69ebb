"""Every example of every page is run by some test, and every command that a page names is one that there is.

Fenced blocks are run where the page is tested; RUN_BY says where, and a new block without a test fails here. Commands
in running text are run here.
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from pages import ROOT, blocks
from written import BESIDE, DOCS, PAGES, languages, named, prose

from lstmc.cli.group import lstmc
from lstmc.shipped import shipped

# What a page shows: its languages, and the test that runs them.
RUN_BY = {
    "README.md": {
        "console": "tests/test_readme.py::test_the_examples_of_the_readme",
        "python": "tests/test_readme.py::test_the_python_of_the_readme",
        "sh": "tests/test_readme.py::test_it_holds_exactly_two_set_up_commands_that_name_what_is_there",
    },
    "docs/adding-a-cell.md": {
        "console": "tests/extensions/test_adding_a_cell_page.py::test_the_commands_print_what_the_page_says",
        "python": "tests/extensions/test_adding_a_cell_page.py::test_a_proof_is_made_and_checked",
        "toml": "tests/extensions/test_adding_a_cell_page.py::test_a_proof_is_made_and_checked",
    },
    "docs/cells.md": {
        "console": "tests/docs/test_cells_page.py::test_the_commands_print_what_the_page_says",
        "text": "tests/docs/test_cells_page.py::test_its_equations_are_those_of_the_page",
    },
    "docs/cli.md": {
        "console": "tests/cli/test_cli_page.py::test_every_example_gives_what_the_page_says",
        "sh": "tests/docs/test_snippets.py::test_the_shell_completion_of_the_page",
    },
    "docs/compiling.md": {"console": "tests/test_readme.py::test_the_examples_of_how_compiling_works"},
    "docs/diagnostics.md": {
        "console": "tests/docs/test_reference_pages.py::test_the_command_on_the_page_of_diagnostics"
    },
    "docs/drawing.md": {
        "console": "tests/picture/test_drawing_page.py::test_every_example_gives_what_the_page_says",
        "python": "tests/picture/test_drawing_page.py::test_the_python_of_the_page_works",
        "yaml": "tests/docs/test_snippets.py::test_the_positions_on_the_page_of_drawings",
    },
    "docs/embedding.md": {"python": "tests/export/test_torch_embed.py::test_the_python_of_the_embedding_page_runs"},
    "docs/first-grammar.md": {
        "console": "tests/docs/test_first_grammar_page.py::test_the_commands_print_what_the_page_says",
        "python": "tests/docs/test_first_grammar_page.py::test_the_programs_print_what_the_page_says",
        "text": "tests/docs/test_first_grammar_page.py::test_the_programs_print_what_the_page_says",
        "yaml": "tests/docs/test_first_grammar_page.py::test_the_commands_print_what_the_page_says",
    },
    "docs/formats.md": {
        "console": "tests/docs/test_formats_page.py::test_its_examples_run",
        "python": "tests/docs/test_formats_page.py::test_its_examples_run",
        "sh": "tests/docs/test_formats_page.py::test_its_programs_are_there_and_take_these_options",
    },
    "docs/formats/objects.md": {"python": "tests/formats/test_objects_page.py::test_the_page"},
    "docs/frameworks.md": {
        "console": "tests/export/test_framework_pages.py::test_the_examples_of_the_overview",
        "python": "tests/export/test_framework_pages.py::test_the_python_of_the_pages",
    },
    "docs/frameworks/c.md": {
        "c": "tests/export/test_export_c.py::test_the_page_says_what_is_so",
        "text": "tests/export/test_export_c.py::test_the_page_says_what_is_so",
    },
    "docs/frameworks/equinox.md": {
        "python": "tests/export/test_export_equinox.py::test_the_page",
        "text": "tests/export/test_export_equinox.py::test_the_page",
    },
    "docs/frameworks/flax.md": {
        "python": "tests/export/test_export_flax.py::test_the_page",
        "text": "tests/export/test_export_flax.py::test_the_page",
    },
    "docs/frameworks/hub.md": {
        "console": "tests/export/test_export_hub.py::test_the_page",
        "python": "tests/export/test_export_hub.py::test_the_page",
    },
    "docs/frameworks/javascript.md": {
        "javascript": "tests/export/test_export_javascript.py::test_the_page_says_what_is_so",
        "text": "tests/export/test_export_javascript.py::test_the_page_says_what_is_so",
    },
    "docs/frameworks/keras.md": {
        "python": "tests/export/test_export_keras.py::test_the_page",
        "text": "tests/export/test_export_keras.py::test_the_page",
    },
    "docs/frameworks/numpy.md": {
        "python": "tests/export/test_export_numpy.py::test_the_page_says_what_is_so",
        "text": "tests/export/test_export_numpy.py::test_the_page_says_what_is_so",
    },
    "docs/frameworks/onnx.md": {"python": "tests/export/test_export_onnx.py::test_the_page_runs"},
    "docs/frameworks/torch.md": {"python": "tests/export/test_torch_module.py::test_the_python_of_the_page_runs"},
    "docs/frameworks/torchrecurrent.md": {
        "python": "tests/export/test_export_torchrecurrent.py::test_the_page",
        "text": "tests/export/test_export_torchrecurrent.py::test_the_page",
    },
    "docs/frameworks/xlstm.md": {
        "python": "tests/export/test_export_xlstm.py::test_the_page",
        "text": "tests/export/test_export_xlstm.py::test_the_page",
    },
    "docs/grammars.md": {
        "python": "tests/grammar/test_docs.py::test_the_python_on_the_page_runs",
        "text": "tests/grammar/test_docs.py::test_the_problem_on_the_page_is_what_is_printed",
        "yaml": "tests/grammar/test_docs.py::test_every_grammar_on_the_page_is_fine",
    },
    "docs/illustration.md": {
        "console": "tests/picture/test_illustration_page.py::test_the_commands_of_the_page_run",
        "python": "tests/picture/test_illustration_page.py::test_the_python_of_the_page_runs",
    },
    "docs/index.md": {
        "console": "tests/docs/test_site.py::test_the_examples_of_the_first_page",
        "sh": "tests/docs/test_site.py::test_the_first_page_sets_up_as_the_readme_does",
    },
    "docs/layouts.md": {"python": "tests/export/test_framework_pages.py::test_the_python_of_the_pages"},
    "docs/plugins.md": {
        "": "tests/extensions/test_plugins_page.py::test_the_example_makes_its_grammar",
        "python": "tests/extensions/test_plugins_page.py::test_the_example_makes_its_grammar",
        "text": "tests/extensions/test_plugins_page.py::test_the_equations_on_the_page_are_the_toys",
        "toml": "tests/extensions/test_plugins_page.py::test_the_example_makes_its_grammar",
        "yaml": "tests/extensions/test_plugins_page.py::test_the_example_works_in_a_grammar_file",
    },
    "docs/reference/grammar-file.md": {"yaml": "tests/docs/test_reference_pages.py::test_its_grammars_are_fine"},
    "docs/running.md": {"python": "tests/cli/test_running_page.py::test_the_python_of_the_page_runs"},
    "docs/toy-lstm.md": {
        "console": "tests/picture/test_article.py::test_its_commands_print_what_it_says",
        "python": "tests/picture/test_article.py::test_its_python_prints_what_it_says",
        "text": "tests/picture/test_article.py::test_its_python_prints_what_it_says",
    },
}
COMMAND = re.compile(r"`([^`]+)`|^ {4}(\S.*)$", re.MULTILINE)
for format in (page for page in PAGES if page.parent == DOCS / "formats"):  # each has a test of its own
    run = dict.fromkeys(
        languages(format) & {"console", "python"}, f"tests/formats/test_{format.stem}.py::test_the_page"
    )
    RUN_BY.setdefault(named(format), run)
# Commands that are run in a place of their own: one is to be cut short, one needs a GPU, one the plugin of its page.
CUT_SHORT = "lstmc sample reber -n 1000000"  # below
NEEDS_A_GPU = "lstmc conform weights/reber.safetensors --in torch --device cuda"  # tests/export/test_conform_device.py
ELSEWHERE = {CUT_SHORT, NEEDS_A_GPU, "lstmc compile x.tri"}  # tests/extensions/test_plugins_page.py
PLACEHOLDER = re.compile(r"[A-Z]{3,}|\[|\.\.\.")
GOES_ON = re.compile(r"^lstmc .*?(?= {2,}| with )")  # an indented command, and then what it is for


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=named)
def test_every_fenced_block_is_run_by_a_test(page: Path) -> None:
    assert languages(page) == set(RUN_BY.get(named(page), {})), f"add what is new to RUN_BY in {__file__}"


@pytest.mark.parametrize("test", sorted({test for tests in RUN_BY.values() for test in tests.values()}))
def test_these_tests_are_there_and_read_the_page(test: str) -> None:
    file, name = test.split("::")
    source = (ROOT / file).read_text("utf-8")
    assert name in {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}
    for page, tests in RUN_BY.items():
        if test in tests.values():
            stem, folder = Path(page).stem, Path(page).parent.name
            assert stem in source or stem in file or f'"{folder}"' in source, f"{file} does not read {page}"


def mentioned(page: Path, first: str) -> Iterator[str]:
    """The commands in running text, or indented, that begin with a word."""
    for inline, indented in COMMAND.findall(prose(page)):
        command = " ".join(inline.split()) or indented
        if command.startswith(f"{first} "):
            yield command


MENTIONED = sorted({command for page in [*PAGES, *BESIDE] for command in mentioned(page, "lstmc")})


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the commands speak of."""
    folder = tmp_path_factory.mktemp("mentioned")
    shutil.copytree(ROOT / "weights", folder / "weights")
    shutil.copytree(ROOT / "grammars", folder / "grammars")
    wrong = blocks((DOCS / "first-grammar.md").read_text("utf-8"), "yaml")[0]
    (folder / "coffee.yaml").write_text(wrong.replace("payed", "paid"), "utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("command", MENTIONED)
def test_commands_in_running_text_work(command: str, workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is whole is run; of what is only named, or has placeholders, the command and its options exist."""
    monkeypatch.chdir(workplace)
    _, *words = shlex.split(GOES_ON.match(command)[0] if GOES_ON.match(command) else command)
    top = click.Context(lstmc, info_name="lstmc", **lstmc.context_settings)
    found = lstmc if words[0].startswith("-") or words[0] == "COMMAND" else lstmc.get_command(top, words[0])
    assert found is not None
    options = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)} | {"--help"}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= options
    if found is lstmc:
        return
    if any(PLACEHOLDER.search(word) and "=" not in word for word in words[1:]) or command in ELSEWHERE:
        return
    try:
        found.make_context(words[0], words[1:], parent=top)
    except click.MissingParameter:
        return  # only named
    result = CliRunner().invoke(lstmc, words)
    lacking = result.exit_code == 5 and "pip install" in result.output  # a framework that is not installed
    assert result.exit_code == 0 or lacking, result.output


@pytest.mark.parametrize("page", [*PAGES, *BESIDE], ids=named)
def test_other_commands_name_what_is_there(page: Path) -> None:
    """Programs and their options, and the extras of our package."""
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for command in mentioned(page, "pip"):
        wanted = re.search(r"lstmc\[(.*)\]", command)
        assert set(wanted[1].split(",") if wanted else ()) <= set(extras), command
    for command in mentioned(page, "python"):
        program, *rest = command.removeprefix("python ").split()
        if "/" in program:
            source = (ROOT / program).read_text("utf-8")
            assert all(f'"{word}"' in source for word in rest if word.startswith("--")), command
    for command in mentioned(page, "pytest"):
        assert all((ROOT / word).exists() for word in command.split() if "/" in word), command


def test_a_command_that_is_cut_short_ends_as_the_page_says() -> None:
    assert CUT_SHORT in MENTIONED
    command = f"{shlex.quote(sys.executable)} -m {CUT_SHORT} | head -n 1"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60)
    assert run.stdout.startswith("B")
    assert (run.returncode, run.stderr) == (141, "")
    assert "| 141 |" in (DOCS / "cli.md").read_text("utf-8")


def test_there_are_commands_in_running_text() -> None:
    assert len(MENTIONED) > 50
    assert "lstmc illustrate random --set states=100 -o random.html" in MENTIONED


def test_the_positions_on_the_page_of_drawings() -> None:
    (shown,) = blocks((DOCS / "drawing.md").read_text("utf-8"), "yaml")
    assert shown in shipped()["reber"].read_text("utf-8")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_completion_of_the_page(shell: str) -> None:
    """Each line makes its shell complete our commands."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    (block,) = blocks((DOCS / "cli.md").read_text("utf-8"), "sh")
    (line,) = (line for line in block.splitlines() if f"{shell}_source" in line)
    asked = {"bash": "complete -p lstmc", "zsh": "print $_comps[lstmc]", "fish": "complete -c lstmc"}
    before = {"zsh": "autoload -U compinit; compinit -u; "}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = f"{before.get(shell, '')}{line}\n{asked[shell]}"
    run = subprocess.run([shell, "-c", script], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "lstmc" in run.stdout
