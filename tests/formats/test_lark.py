"""Grammars of Lark: their strings are those that Lark parses, and what cannot be taken is named with its line."""

import tempfile
from pathlib import Path
from random import Random

import pytest
from pages import ROOT, run_examples

import lstmc
from lstmc.errors import UsageError
from lstmc.grammar import GrammarError, Nets
from lstmc.grammar.read import parse_nets
from lstmc.pipeline import compile_proved

lark = pytest.importorskip("lark", reason="Lark is not installed: pip install 'lstmc[test]'")

JSON = r"""
start: value
?value: object
      | array
      | ESCAPED_STRING -> string
      | SIGNED_NUMBER  -> number
      | "true" | "false" | "null"
array  : "[" [value ("," value)*] "]"
object : "{" [pair ("," pair)*] "}"
pair   : ESCAPED_STRING ":" value
%import common.SIGNED_NUMBER
%import common.WS_INLINE -> BLANK
ESCAPED_STRING: /"[ab]*"/
%ignore BLANK
"""

SUMS = """
start: sum
?sum: product
    | sum "+" product      // begins with itself
    | sum "-" product
?product: atom | product "*" atom
?atom: /[0-9]+/ -> number | "-" atom | "(" sum ")"
"""

GRAMMARS = {
    "sums": (SUMS, "0+-*()"),
    "json": (JSON, '[]{},:"a1t '),
    "a text": ('start: "ab" "c"i', "abcC"),
    "ranges": ('start: "a".."c" LAST\nLAST: "x".."y"', "abcdxy"),
    "repetitions": ('start: "a"* "b"+ "c"? ["d"]', "abcd"),
    "counted": ('start: "a"~2 "b"~1..3 ("c" | "dd")~0..1', "abcd"),
    "nothing": ('start: "(" inner ")"\ninner: | "x"', "()x"),
    "brackets": ('start: ("(" start ")" | "[" start "]")*', "()[]"),
    "in last place": ('start: "a" start | "b"', "ab"),
    "several ways": ('start: "a" x | "a" y\nx: "b" "c"\ny: "b" "d"', "abcd"),
    "over lines": ('start: "a" ("b"\n  | "c")\n\n  | "d"\n\nother: "x"', "abcdx"),
    "flags": ("start: /a[bc]/i", "abcABC"),
    "ignored": ('start: A+ "."\nA: "a" "b"\n%ignore " "\n%ignore "_"', "ab. _"),
    "escapes": (r'start: "\"" "\\" "\x41" "/"' + "\n", '"\\A/'),
    "marks": ('start: x _y\n!x: "a" -> named\n_y: _T\n_T: "b"', "ab"),
    "itself alone": ('start: start "a" | start "b" | "c"', "abc"),
}


def expanded(text, depth=6):
    found = parse(text, depth)
    return found.expand() if isinstance(found, Nets) else found


def parse(text, depth=6, **parameters):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "it.lark")
        file.write_text(text)
        return lstmc.load_nets(file, parameters, depth=depth)


def parses(parser, string):
    try:
        parser.parse(string)
    except lark.exceptions.LarkError:
        return False
    return True


@pytest.mark.parametrize("name", GRAMMARS)
def test_strings_are_those_that_lark_parses(name):
    """All short ones, and random changes of longer ones."""
    text, letters = GRAMMARS[name]
    parser = lark.Lark(text, parser="earley", lexer="dynamic_complete")
    grammar = expanded(text, 1 if name == "json" else 3)
    network = lstmc.compile(grammar)
    rng = Random(0)
    tried = ["", *letters, *(a + b for a in letters for b in letters)]
    for sample in lstmc.sample(grammar, n=40, seed=1):
        string = sample.string if isinstance(sample.string, str) else "".join(sample.string)
        if len(string) < 30:
            at = rng.randrange(len(string) + 1)
            tried += [string, string[:at] + rng.choice(letters) + string[at:], string[:at] + string[at + 1 :]]
    assert any(parses(parser, string) for string in tried)
    for string in dict.fromkeys(tried):
        if set(string) <= set(grammar.alphabet):
            assert network.run(list(string)).accepted == parses(parser, string), string


def test_networks_are_proved():
    network, certificate = compile_proved(expanded(SUMS, 2), level=2)
    assert lstmc.verify(network.to_bytes(), certificate.to_bytes()).violations == []
    assert network.size == 9
    assert network.run("(1+(2*-3))").accepted
    assert network.run("((").next == ("-", *"0123456789")  # no deeper


NAMES = """DIGIT HEXDIGIT INT SIGNED_INT DECIMAL FLOAT SIGNED_FLOAT NUMBER SIGNED_NUMBER LCASE_LETTER UCASE_LETTER
LETTER WORD CNAME WS WS_INLINE NEWLINE CR LF SH_COMMENT CPP_COMMENT SQL_COMMENT C_COMMENT ESCAPED_STRING"""
SOME = ["0", "7f", "-1", "+23", "1.5", ".5", "5.", "1e3", "-1.5E-3", "e", "a", "Z", "ab", "a_1", "_x", "1a"]
SOME += [" ", " \t", "\n", "\r\n", "\n\n", "# x", "// x", "-- x", "/* x */", "/* * / **/", "/* */ */"]
SOME += ['""', '"a"', '"a\\"b"', '"a\\"', '"\\\\"']


@pytest.mark.parametrize("name", NAMES.split())
def test_the_common_terminals_are_those_of_lark(name):
    text = f"start: X\n%import common.{name} -> X\n"
    parser = lark.Lark(text, parser="earley", lexer="dynamic_complete")
    network = lstmc.compile(parse(text, alphabet=r"!-~ \t\n\r").expand())
    for string in SOME:
        assert network.run(list(string)).accepted == parses(parser, string), string


def test_the_rule_to_start_with():
    text = 'expression: "x"\nother: "y"\n'
    with pytest.raises(GrammarError, match="there is no rule 'start'") as caught:
        parse(text)
    assert caught.value.diagnostics[0].help == "--set start=NAME names another; there are expression, other"
    assert parse(text, start="other").expand().alphabet == ("y",)


def test_the_alphabet_can_be_given():
    text = "start: /[^a]/"
    with pytest.raises(GrammarError, match="G071"):
        parse(text)
    assert parse(text, alphabet="a-c").expand().alphabet == ("a", "b", "c")
    assert lstmc.compile(parse(text, alphabet="a-c").expand()).run("").next == ("b", "c")


def test_a_depth_is_needed_where_calls_come_back():
    with pytest.raises(GrammarError, match="G091") as caught:
        parse_nets(SUMS, format="lark")
    assert caught.value.diagnostics[0].help == "say how deep: --depth 3"
    assert parse_nets('start: "a" start | "b"', format="lark").depth is None


WRONG = {
    "left recursion over others": ('start: a\na: b "x"\nb: a "y" | "z"', "G092", 2, "'a' calls 'b' calls 'a'"),
    "no such rule": ('start: "a"\n  | other', "G090", 2, "there is no rule 'other'"),
    "no such terminal": ("start: WORD", "G090", 1, "there is no terminal 'WORD'"),
    "twice": ('start: "a"\nstart: "b"', "G070", 2, "'start' is defined twice"),
    "a template": ('start: list{"a"}\nlist{x}: x', "G070", 1, "'{', where a definition has ended"),
    "a priority": ('start.2: "a"', "G071", 1, "a priority"),
    "a directive": ('start: "a"\n%declare B', "G071", 2, "%declare, which is not understood"),
    "another module": ('start: "a"\n%import python.NAME', "G071", 2, "the module 'python', which cannot be read"),
    "no common terminal": ("start: A\n%import common.A", "G070", 2, "Lark has no common terminal 'A'"),
    "a lookahead": ("start: /a(?=b)/", "G071", 1, "a lookahead, which is not understood"),
    "a terminal that uses a rule": ('start: A\nA: b\nb: "b"', "G070", 2, "the terminal 'A' uses a rule"),
    "a terminal that uses itself": ('start: A\nA: "a" B\nB: A', "G070", 3, "the terminal 'A' uses itself"),
    "a range down": ('start: "z".."a"', "G070", 1, "a range that does not lead from a character up to one"),
    "a range of texts": ('start: "aa".."zz"', "G070", 1, "a range that does not lead"),
    "a bracket that stays open": ('start: ("a" | "b"', "G070", 1, "where ')' should stand"),
    "a bracket of another kind": ('start: ("a" ]', "G070", 1, "']', where ')' should stand"),
    "a repetition down": ('start: "a"~3..2', "G070", 1, "~ 3..2, which does not count"),
    "a repetition of very many": ('start: "a"~9999', "G070", 1, "which does not count from 0 to 1,000"),
    "no number": ('start: "a"~b', "G070", 1, "'b', where a number says how often"),
    "no colon": ('start "a"', "G070", 1, "where ':' should stand"),
    "a sign": ("start: ;", "G070", 1, "';', which begins nothing"),
    "an escape": (r'start: "\q"', "G070", 1, "an escape that is none"),
    "nothing": ("", "G070", 1, "there is no rule 'start'"),
    "yaml": ("nodes: [{id: 0}]", "G070", 1, ""),
    "too deep": (f"start: {'(' * 60}{')' * 60}", "G070", 1, "brackets nested deeper than 50"),
}


@pytest.mark.parametrize(("text", "code", "line", "said"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_taken_is_named_with_its_line(text, code, line, said):
    with pytest.raises(GrammarError) as caught:
        parse_nets(text, format="lark")
    found = [each for each in caught.value.diagnostics if each.code == code and said in each.message]
    assert found, caught.value.diagnostics
    assert found[0].line == line
    assert found[0].help


def test_problems_of_several_definitions_are_told_at_once():
    with pytest.raises(GrammarError) as caught:
        parse_nets('start: "a" ~ b\n%declare X\nother: ("a"\n', format="lark")
    assert [each.line for each in caught.value.diagnostics] == [1, 2, 4]


def test_grammars_are_not_written():
    with pytest.raises(UsageError, match="grammars of Lark are read, and not written"):
        lstmc.convert("reber", "lark")


def test_no_deeper_than_asked():
    network = lstmc.compile(parse('start: "(" start ")" | "x"', depth=0).expand())
    assert network.run("").next == ("x",)
    assert network.run("x").accepted


def test_the_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples((ROOT / "docs/formats/lark.md").read_text("utf-8")) > 0


@pytest.mark.parametrize("name", GRAMMARS)
def test_nets_of_lark_are_written_in_our_formats(name):
    nets = parse(GRAMMARS[name][0], 2)
    for format in ("yaml", "json"):
        assert parse_nets(lstmc.convert(nets, format), format=format) == nets
