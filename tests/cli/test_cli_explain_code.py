"""lstmc explain G003: a code in full, for a person, for a pipe and for a program.

LSTMC_GOLDEN=write pytest tests/cli/test_cli_explain_code.py        writes the text anew: read the difference
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lstmc.grammar.codes import KINDS
from lstmc.grammar.explain import explain_code

GOLDEN = Path(__file__).parent / "golden" / "explain-G003.txt"
COLUMNS = 80
MINE = "nodes: [{id: 0, start: true, accept: true}]\nedges: [{source: 0, target: 0, symbol: a}]\n"


def test_the_text_of_a_code(cli):
    outcome = cli("explain", "G003")
    if os.environ.get("LSTMC_GOLDEN") == "write":
        GOLDEN.write_text(outcome.out, "utf-8")
    assert outcome == (0, GOLDEN.read_text("utf-8"), "")


def test_a_code_in_small_letters(cli, folder):
    assert cli("explain", "g003").out == GOLDEN.read_text("utf-8")
    Path("g003").write_text(MINE, "utf-8")
    assert cli("explain", "g003").out.startswith("g003: lstm")  # a file of that name comes first


def test_a_person_sees_the_same_with_bold_headings():
    pytest.importorskip("pty", reason="pseudo-terminals are a thing of Unix")
    from terminal import in_terminal, plain

    code, shown = in_terminal("explain", "G003")
    assert code == 0
    assert plain(shown) == GOLDEN.read_text("utf-8")
    for heading in ("error[G003]: a state is used but never defined", "Wrong:", "Right:"):
        assert f"\x1b[1m{heading}\x1b[0m\n" in shown


@pytest.mark.parametrize("code", KINDS)
def test_every_code_fits_a_terminal(cli, code):
    outcome = cli("explain", code)
    kind, explained = KINDS[code], explain_code(code)
    assert outcome.out.startswith(f"{kind.severity}[{code}]: {kind.title}\n\n")
    assert max(len(line) for line in outcome.out.splitlines() if not line.startswith("    ")) <= COLUMNS
    assert " ".join(outcome.out.partition("\n\n")[2].partition("\n\nWrong:")[0].split()) == " ".join(
        explained.paragraphs
    )
    assert cli("explain", code, "--json").objects == [
        {
            "code": code,
            "severity": kind.severity,
            "title": kind.title,
            "language": explained.language,
            "text": "\n\n".join(explained.paragraphs),
            "wrong": explained.wrong,
            "right": explained.right,
        }
    ]


def test_an_unknown_code(cli):
    outcome = cli("explain", "G033")
    assert (outcome.code, outcome.out) == (2, "")
    assert "there is no code G033" in outcome.err
    assert "did you mean 'G0" in outcome.err
    assert "in brackets" in cli("explain", "Z999").err


def test_check_reads_no_explanation(folder):
    """They are long, and needed only where one is asked for."""
    Path("bad.yaml").write_text("nodes: [{id: a}]\nedges: []\n", "utf-8")
    code = """
import sys
from lstmc.cli import main
try:
    main(sys.argv[1:])
finally:
    assert "lstmc.grammar.explain" not in sys.modules
"""
    run = subprocess.run([sys.executable, "-c", code, "check", "bad.yaml"], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (1, "")
    assert "error[G001]" in run.stdout
