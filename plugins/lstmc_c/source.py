"""The texts of the header and of the snippet: $n stands for the network's name, $N for it in capitals, $real for its
numbers' type.
"""

from dataclasses import dataclass
from string import Template

from lstmc.export import Language

HEAD = Template("""\
/* A network that follows the grammar $title: one header of C99 that needs no library.
 *
 *     ${n}_state state;
 *     ${n}_start(&state);
 *     ${n}_step(&state, ${n}_symbol("..."));
 *     ${n}_allowed(&state, symbol)              may this symbol come next? ${N}_END: may the string end?
 *
 * A symbol is a number from 0 to ${N}_SYMBOLS - 1; ${n}_symbol finds the number of a name in UTF-8.
 */
#ifndef ${N}_H
#define ${N}_H

#include <stdint.h>

enum { ${N}_SYMBOLS = $symbols, ${N}_END = $symbols, ${N}_CELLS = $cells, ${N}_OUTPUTS = $outputs };

typedef struct {
$state} ${n}_state;

/* All that is known of the network: JSON, in pieces, the last of which is 0. */
static const char *const ${n}_about[] = {
$about    0
};

static const char *const ${n}_names[] = {$names};
static const char *const ${n}_cell_names[] = {$cell_names};
static const char *const ${n}_cell_states[] = {$cell_states};
$output_names
/* A test adds up its bias, the weight of the symbol, and weights times the values of cells. Those that are 0 are left
 * out: the weights of row r stand from starts[r] to starts[r + 1]. */
typedef $number ${n}_number; /* of a symbol or a cell */
typedef $place ${n}_place; /* in a list of weights */
typedef struct {
    const $real *bias;
    const ${n}_place *symbol_starts;
    const ${n}_number *symbols;
    const $real *symbol_weights;
    const ${n}_place *cell_starts;
    const ${n}_number *cells;
    const $real *cell_weights;
} ${n}_tests;

$tables
static inline $real ${n}_sum(const ${n}_tests *tests, int row, int symbol, const $real *values)
{
    $real sum = tests->bias[row];
    unsigned long n;
    for (n = tests->symbol_starts[row]; n < tests->symbol_starts[row + 1]; n++)
        if ((long)tests->symbols[n] == symbol)
            sum += tests->symbol_weights[n];
    for (n = tests->cell_starts[row]; n < tests->cell_starts[row + 1]; n++)
        sum += tests->cell_weights[n] * values[tests->cells[n]];
    return sum;
}

/* tanh of a small x: x/(1 + xx/(3 + xx/(5 + ...))) (Lambert, 1768) */
static inline $real ${n}_small_tanh($real x)
{
    $real below = $depth + 2;
    int odd;
    for (odd = $depth; odd > 0; odd -= 2)
        below = ($real)odd + x * x / below;
    return x / below;
}

/* e^x for x from -$least to 0: e^r / 2^n, |r| at most ln(2)/2; and e^r = (1 + t)/(1 - t) where t = tanh(r/2) */
static inline $real ${n}_exp($real x)
{
    int n = (int)(x * $per_ln2 + $half);
    $real t = ${n}_small_tanh(((x + ($real)n * $ln2_high) + ($real)n * $ln2_low) / 2);
    $real power = (1 + t) / (1 - t);
    for (; n >= 8; n -= 8)
        power /= 256;
    return power / ($real)(1 << n);
}

/* 1/(1 + e^-z), within $sigmoid_error; exactly 1 where it rounds to 1, exactly 0 where e^z is no normal number */
static inline $real ${n}_sigmoid($real z)
{
    $real power;
    if (z >= $one_from)
        return 1;
    if (z < -$least)
        return 0;
    power = ${n}_exp(z < 0 ? z : -z);
    return (z < 0 ? power : 1) / (1 + power);
}

/* within $tanh_error; exactly 1 from 20 on */
static inline $real ${n}_tanh($real x)
{
    $real size = x < 0 ? -x : x;
    if (size < $half)
        return ${n}_small_tanh(x);
    size = size < 20 ? 1 - 2 * ${n}_sigmoid(-2 * size) : 1;
    return x < 0 ? -size : size;
}

/* The number of the symbol (or ${N}_END) with this name; -1 where there is none. */
static inline int ${n}_symbol(const char *name)
{
    int symbol, n;
    for (symbol = 0; symbol <= ${N}_SYMBOLS; symbol++) {
        for (n = 0; name[n] && name[n] == ${n}_names[symbol][n]; n++)
            ;
        if (name[n] == ${n}_names[symbol][n])
            return symbol;
    }
    return -1;
}
""")

STEP = Template("""\

/* Before the first symbol. */
static inline void ${n}_start(${n}_state *state)
{
    int cell;
    for (cell = 0; cell < ${N}_CELLS; cell++)
        $zero = 0;
}

/* Read one symbol. 0 where there is none of that number; then the state stays as it is. */
static inline int ${n}_step(${n}_state *state, int symbol)
{
    $real $shown[${N}_CELLS]; /* all tests see the $shown of before */
    int cell;
    if (symbol < 0 || symbol >= ${N}_SYMBOLS)
        return 0;
    for (cell = 0; cell < ${N}_CELLS; cell++) {
$step
    }
    for (cell = 0; cell < ${N}_CELLS; cell++)
        state->$shown[cell] = $shown[cell];
    return 1;
}

/* What the network says of a symbol, or of ${N}_END: above $above where it may come next. */
static inline $real ${n}_logit(const ${n}_state *state, int symbol)
{
$read
}
""")


def language(real: "Real", name: str) -> Language:
    """The equations of cells in C; `name` begins the names of functions."""
    functions = {each: f"{name}_{each}({{}})" for each in ("sigmoid", "tanh", "relu", "logsigmoid")}
    return Language(
        functions=functions | {"exp": f"{name}_power({{}})", "max": f"{name}_max({{}}, {{}})"},
        signs={"add": " + ", "subtract": " - ", "multiply": " * ", "divide": " / "},
        constant=f"{{!r}}{real.suffix}",
    )


# Functions that most cells do without: a header holds those that its equations call.
MORE = {
    "exp": Template("""\

/* e^x, between 0 and e^$least */
static inline $real ${n}_power($real x)
{
    if (x > 0)
        return 1 / ${n}_exp(x < $least ? -x : -$least);
    return x < -$least ? 0 : ${n}_exp(x);
}
"""),
    "logsigmoid": Template("""\

/* log(1/(1 + e^-z)) = min(z, 0) - log(1 + y), y = e^-|z|; and log(1 + y) = 2(t + t^3/3 + t^5/5 + ...), t = y/(2 + y) */
static inline $real ${n}_logsigmoid($real z)
{
    $real size = z < 0 ? -z : z;
    $real power = size < $least ? ${n}_exp(-size) : 0;
    $real t = power / (2 + power), sum = 0;
    int odd;
    for (odd = $terms; odd > 0; odd -= 2)
        sum = 1 / ($real)odd + t * t * sum;
    return (z < 0 ? z : 0) - 2 * t * sum;
}
"""),
    "max": Template("""\

static inline $real ${n}_max($real a, $real b)
{
    return a > b ? a : b;
}
"""),
    "relu": Template("""\

static inline $real ${n}_relu($real x)
{
    return x > 0 ? x : 0;
}
"""),
}

READING = Template("""\

/* The same of all symbols and, last, of the end. */
static inline void ${n}_read(const ${n}_state *state, $real logits[${N}_SYMBOLS + 1])
{
    int symbol;
    for (symbol = 0; symbol <= ${N}_SYMBOLS; symbol++)
        logits[symbol] = ${n}_logit(state, symbol);
}

/* Whether the symbol may come next; for ${N}_END, whether the string may end. */
static inline int ${n}_allowed(const ${n}_state *state, int symbol)
{
    return symbol >= 0 && symbol <= ${N}_SYMBOLS && ${n}_logit(state, symbol) > $threshold;
}

/* Whether a cell is on; then the grammar is in the state ${n}_cell_states[cell], if that has a name. */
static inline int ${n}_on(const ${n}_state *state, int cell)
{
    return state->$shown[cell] > $on;
}
""")

PROBABILITIES = Template("""\

/* The probability of every symbol and, last, of the end. They mean something while anything is allowed. */
static inline void ${n}_probabilities(const ${n}_state *state, $real chances[${N}_SYMBOLS + 1])
{
    $real largest, sum = 0;
    int symbol;
    ${n}_read(state, chances);
    largest = chances[0];
    for (symbol = 1; symbol <= ${N}_SYMBOLS; symbol++)
        largest = chances[symbol] > largest ? chances[symbol] : largest;
    for (symbol = 0; symbol <= ${N}_SYMBOLS; symbol++) {
        $real below = chances[symbol] - largest;
        chances[symbol] = below < -$least ? 0 : ${n}_exp(below);
        sum += chances[symbol];
    }
    for (symbol = 0; symbol <= ${N}_SYMBOLS; symbol++)
        chances[symbol] /= sum;
}
""")

OUTPUTS = Template("""\

/* What the network says of every output: above 0 for the one that comes with the last symbol. */
static inline void ${n}_outputs(const ${n}_state *state, $real logits[${N}_OUTPUTS])
{
    int output;
    for (output = 0; output < ${N}_OUTPUTS; output++)
        logits[output] = ${n}_sum(&${n}_output, output, -1, state->$shown);
}
""")

SNIPPET = Template("""\
#include <stdio.h>

#include "$file"

int main(void)
{
    const char *const string[] = {$example};
    ${n}_state state;
    int n;

    ${n}_start(&state);
    for (n = 0; n < $count; n++)
        if (!${n}_step(&state, ${n}_symbol(string[n]))) {
            fprintf(stderr, "'%s' is no symbol of $n\\n", string[n]);
            return 1;
        }
    for (n = 0; n <= ${N}_SYMBOLS; n++)
        if (${n}_allowed(&state, n))
            printf("%s ", ${n}_names[n]);
    printf("\\n");
    return 0;
}
""")


@dataclass(frozen=True)
class Real:
    """A type of numbers, with what its functions need.

    least      e^-least is still a normal number          one_from       from here on 1/(1 + e^-z) rounds to 1
    depth      of Lambert's fraction                      per_ln2        -1/ln 2
    terms      the last power of t in log(1 + y), where t is at most 1/3
    ln2_high   ln 2 in so few bits that its multiples are exact, and ln2_low the rest
    """

    real: str
    suffix: str
    least: str
    one_from: str
    depth: str
    terms: str
    half: str
    per_ln2: str
    ln2_high: str
    ln2_low: str
    sigmoid_error: str
    tanh_error: str


REALS = {
    "float32": Real(
        "float",
        "f",
        "87",
        "18",
        "7",
        "13",
        "0.5f",
        "-1.44269504f",
        "0.693359375f",
        "-2.12194440e-4f",
        "2e-7",
        "3e-7",
    ),
    "float64": Real(
        "double",
        "",
        "708",
        "38",
        "17",
        "33",
        "0.5",
        "-1.4426950408889634",
        "6.93147180369123816490e-1",
        "1.90821492927058770002e-10",
        "4e-16",
        "5e-16",
    ),
}
