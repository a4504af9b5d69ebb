"""From a grammar to a TAF file, as far as a deterministic automaton of LearnLib says the same.

dfa {a,b} {
        s0 [initial] {
                a -> s1
        }
}
"""

from collections.abc import Iterator

from lstmc.grammar import Grammar
from lstmc.grammar.formats import quoted
from lstmc.grammar.unsaid import Held, refuse, unsaid, unsaid_without_final_states
from lstmc_taf.tokens import KINDS, NAME


def grammar_to_taf(grammar: Grammar) -> str:
    """The text of the file. Raises UsageError with every reason why there is none."""
    held: tuple[Held, ...] = ("outputs", "alphabet", "endless") if grammar.outputs else ("alphabet",)
    refuse("TAF", [*unsaid(grammar, *held), *_reasons(grammar)])
    kind = "mealy" if grammar.outputs else "dfa"
    lines = [f"{kind} {{{','.join(map(_word, grammar.alphabet))}}} {{"]
    for state, data in grammar.graph.nodes(data=True):
        options = ["initial"] if data.get("start") else []
        options += ["accepting"] if data.get("accept") and kind == "dfa" else []
        marked = f" [{', '.join(options)}]" if options else ""
        lines.append(f"\t{state}{marked} {{")
        for _, target, rule in grammar.graph.out_edges(state, data=True):
            output = f" / {_word(rule['output'])}" if "output" in rule else ""
            lines.append(f"\t\t{_word(rule['symbol'])}{output} -> {target}")
        lines.append("\t}")
    return "\n".join([*lines, "}"]) + "\n"


def _word(text: str) -> str:
    """A symbol or an output: in quotes, unless it is a name."""
    plain = NAME.fullmatch(text) and text.lower() not in KINDS
    return text if plain else '"' + text.replace('"', '\\"') + '"'


def _reasons(grammar: Grammar) -> Iterator[str]:
    if grammar.outputs:
        yield from unsaid_without_final_states(grammar)
    for state in grammar.graph:
        if not NAME.fullmatch(state) or state.lower() in KINDS:
            yield f"the id {quoted(state)} is no name of letters, digits and _"
        symbols = [rule.get("symbol") for *_, rule in grammar.graph.out_edges(state, data=True)]
        if len(symbols) != len(set(symbols)):
            yield "the automaton is not deterministic"
    for text in (*grammar.alphabet, *grammar.outputs):
        if "\\" in text:
            yield f"{quoted(text)} has a backslash, which may take a quote with it"
