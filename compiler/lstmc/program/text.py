"""A program as text: every cell with its tests as formulas and in words, and the rules it comes from."""

from fractions import Fraction

from lstmc.automaton import NONE
from lstmc.program.formula import Term, linear, number, symbol_text
from lstmc.program.program import PARTS, Cell, Program, Test
from lstmc.program.words import BEFORE, THIS, Source, words

TITLES = {"eraser": "eraser", "writer": "writer", "write_filter": "write filter", "read_filter": "read filter"}


def text(program: Program) -> str:
    a = program.automaton
    memory = f" --memory {program.memory}" if program.level == 1 else ""
    head = f"{a.name}: -O{program.level}{memory}, {len(program.cells)} cells, {len(a.alphabet)} symbols"
    return "\n\n".join([head, *(_cell(program, cell) for cell in program.cells), _reader(program)]) + "\n"


def _cell(program: Program, cell: Cell) -> str:
    lines = [f"{cell.name:<15} {origin(program, cell)}".rstrip()]
    if cell.order:
        lines.append("  order         " + " < ".join(symbol_text(program.automaton.alphabet[x]) for x in cell.order))
    formulas = {part: formula(program, part, getattr(cell, part)) for part in PARTS}
    width = max(map(len, formulas.values()))
    lines += [f"  {TITLES[part]:<14}{formulas[part]:<{width}}   {words_of(program, cell, part)}" for part in PARTS]
    return "\n".join(lines)


def origin(program: Program, cell: Cell) -> str:
    def listed(verb: str, rules: tuple[int, ...]) -> list[str]:
        names = list(dict.fromkeys(program.automaton.rules[rule] for rule in rules))  # copies of a state share rules
        return [f"{verb} rule{'s' if len(names) > 1 else ''} {', '.join(names)}"] if names else []

    if cell.state == NONE:
        return "off before the first symbol, on ever after"
    at_first = not cell.write_filter.states  # a start state's loop: the only way in that comes from no state
    written = listed("written at first by" if cell.kept and at_first else "from", cell.written)
    return "; ".join(written + listed("kept by", cell.kept))


def formula(program: Program, part: str, test: Test) -> str:
    a = program.automaton
    terms: list[Term] = [(Fraction(w, 2), symbol_text(a.alphabet[x])) for x, w in test.symbols]
    terms.append((Fraction(test.position, 2), "pos(x)"))
    terms += [(Fraction(w, 2), f"active({a.states[q]})") for q, w in test.states]
    terms.append((Fraction(test.this, 2), "active(this cell)"))
    terms.append((Fraction(-test.before, 2), "active(started)"))
    terms = [term for term in terms if term[0]]
    constant = Fraction(test.bias + test.before, 2)
    squash = "tanh" if part == "writer" else "σ"
    if not terms:
        assert abs(constant) == Fraction(1, 2), "a test that reads nothing is always or never true"
        return f"{squash}({'−' if constant < 0 else ''}G/2)"
    if part == "writer" and not constant:
        inner = linear([(2 * weight, name) for weight, name in terms])
        return f"tanh(G/2·{inner})" if len(terms) == 1 else f"tanh(G/2·({inner}))"
    return f"{squash}(G·({linear(terms, constant)}))"


def words_of(program: Program, cell: Cell, part: str) -> str:
    """The test in words, found by trying it on every symbol out of every state that it reads."""
    a = program.automaton
    test: Test = getattr(cell, part)
    symbols = dict(test.symbols)
    position = {x: n for n, x in enumerate(cell.order)}

    def value(source: Source, x: int) -> int:
        by_symbol = symbols.get(x, 0) + test.position * position.get(x, 0)
        return test.bias + by_symbol + weights.get(source, 0)

    weights: dict[Source, int] = {("state", q): weight for q, weight in test.states}
    weights |= ({THIS: test.this} if test.this else {}) | ({BEFORE: test.before} if test.before else {})
    names: dict[Source, str] = {("state", q): a.states[q] for q, _ in test.states}
    return words(part, value, list(weights), names, a.alphabet, cell.order)


def _reader(program: Program) -> str:
    """What may come next in each state."""
    a = program.automaton
    following: list[list[str]] = [[] for _ in a.states]
    first = a.moves[:-1]
    for (p, x, _, _, _), chance in zip(a.each_move(), a.probability[first].tolist(), strict=True):
        entry = symbol_text(a.alphabet[x]) + (f" {_chance(chance)}" if a.weighted else "")
        if entry not in following[p]:
            following[p].append(entry)
    for p, chance in enumerate(a.end.tolist()):
        if a.accepting[p]:
            following[p].append("end" + (f" {_chance(chance)}" if a.weighted else ""))
    allowed = "K + ln p for what may come next" if a.weighted else "K or more for what may come next"
    lines = [f"reader          {allowed}, −K for all else and after a dead prefix"]
    lines += [f"  {name:<13} {', '.join(entries)}" for name, entries in zip(a.states, following, strict=True)]
    if a.outputs:
        lines += ["", "output          16 for the output, −16 for every other"]
        lines += [f"  {name:<14}{a.outputs[o] if o != NONE else 'none'}" for name, o in _outputs(program)]
    return "\n".join(lines)


def _outputs(program: Program) -> list[tuple[str, int]]:
    """By state; at -O0 a Mealy machine's outputs stand on its rules."""
    if program.automaton.mealy:
        return [(cell.name, cell.output) for cell in program.cells[1:]]
    return list(zip(program.automaton.states, program.automaton.state_output.tolist(), strict=True))


def _chance(probability: float) -> str:
    exact = Fraction(probability).limit_denominator(64)
    return number(exact) if float(exact) == probability else repr(probability)
