"""Grammar files in YAML: our own format, found by the same door as every other."""

from lstmc.grammar.compose import compose
from lstmc.grammar.formats import Format, Reading
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.limits import Limits
from lstmc.grammar.nets import Nets
from lstmc.grammar.write import grammar_to_yaml
from lstmc.grammar.yaml_wording import LINE_BREAK


class Yaml(Format):
    title, line_break, calls = "YAML", LINE_BREAK, True

    def read(self, text: str, limits: Limits, /) -> Reading:
        return Reading(*compose(text, limits))

    def write(self, grammar: Grammar | Nets) -> str:
        return grammar_to_yaml(grammar)


FORMAT = Yaml()
