"""docs/words.md has every word once, and names the parts of a cell as the compiler, and the other pages, name them."""

import re

from pages import ROOT

import lstmc
from lstmc.automaton import determinize, minimize, split, trim
from lstmc.proof.certificate import Kind

PAGE = (ROOT / "docs" / "words.md").read_text("utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| ")]
WORDS = [row[0] for row in ROWS if row[0] not in ("part", "word")]


def test_every_word_stands_once() -> None:
    words = [word.strip() for entry in WORDS for word in entry.split(",")]
    assert len(words) == len(set(words)) > 70


def test_the_parts_are_those_of_a_cell() -> None:
    (cell,) = lstmc.explain(lstmc.compile(lstmc.load_grammar("reber")), "5 by P")
    parts = PAGE.split("## The parts of an LSTM")[1].split("\n## ")[0]
    assert {*cell.parts, "memory", "reader"} == set(re.findall(r"^\| ([a-z ]+) \|", parts, re.MULTILINE)) - {"part"}


def test_the_parts_are_told_as_on_the_page_about_compiling() -> None:
    compiling = (ROOT / "docs" / "compiling.md").read_text("utf-8")
    purposes = {row[0]: row[-1] for row in ROWS[:7]}
    told = re.findall(r"^\| (\w[\w ]*) \| [^|]+ \| ([^|]+) \|$", compiling, re.MULTILINE)
    assert dict(told[:7]) == purposes


def test_passes_and_verdicts_have_their_names() -> None:
    assert {each.__name__ for each in (trim, split, determinize, minimize)} <= set(WORDS)
    verdicts = PAGE.split("| verdict | |")[1].split("|")[0]
    assert all(f"*{kind.replace('-', ' ')}*" in verdicts for kind in Kind.__args__)
