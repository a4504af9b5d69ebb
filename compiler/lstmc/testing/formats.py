"""Does a format keep the contract?"""

from collections.abc import Iterator
from random import Random

from lstmc.errors import UsageError
from lstmc.grammar import Grammar
from lstmc.grammar.convert import text_of
from lstmc.grammar.formats import Objects, any_format, file_format, objects
from lstmc.testing.mutation import READ, REFUSED, judge, not_inverse, try_mutants
from lstmc.testing.samples import samples
from lstmc.testing.simulation import same_language

MUTANTS, SEED = 200, 1

HOSTILE = {
    "nothing": "",
    "a blank": " ",
    "NUL bytes": "\0" * 1000,
    "half a surrogate pair": "\ud800",
    "a long line": "a" * 1_000_000,
    "many brackets": "[" * 100_000,
    "many braces": "{" * 100_000,
    "many tags": "<a>" * 100_000,
    "many quotes": '"' * 100_001,
    "many lines": "\n" * 300_000,
    "a long number": "9" * 100_000,
    "numbers": "1e999999 " * 10_000,
    "slashes": "/*" * 50_000,
}


def format_breaches(name: str) -> list[str]:
    """Every breach of a format that is found, and not refused."""
    format = any_format(name)
    return list(_object_breaches(name) if isinstance(format, Objects) else _file_breaches(name))


def _file_breaches(name: str) -> Iterator[str]:
    texts = []
    for grammar in samples():
        try:
            texts.append(text_of(grammar, name))
            again, wrong = text_of(grammar, name), not_inverse(grammar, name)
        except UsageError:
            continue  # the format cannot say it
        except Exception as error:
            yield f"writing {grammar.name} and reading it: {type(error).__name__}: {error}"
            continue
        if again != texts[-1]:
            yield f"writing {grammar.name} twice gives two texts"
        if wrong:
            yield f"writing {grammar.name}: {wrong}"
    texts = texts or list(filter(None, [file_format(name).example]))
    if not texts:
        yield "it can write none of the sample grammars, and gives no example of what it reads"
        return
    for what, text in HOSTILE.items():
        if (judgement := judge(text, name)) not in (READ, REFUSED):
            yield f"reading {what}: {judgement}"
    for wrong, text in try_mutants(texts, name, Random(SEED), MUTANTS).faults:
        yield f"reading {text!r}: {wrong}"


def _object_breaches(package: str) -> Iterator[str]:
    made = 0
    for grammar in samples():
        try:
            again = Grammar.from_graph(objects(package).to_graph(objects(package).from_grammar(grammar)), grammar.name)
        except UsageError:
            continue
        except Exception as error:
            yield f"{grammar.name}: {type(error).__name__}: {error}"
            continue
        made += 1
        if not same_language(grammar, again):
            yield f"{grammar.name} comes back as another language"
    if not made:
        yield "it can make none of the sample grammars"
