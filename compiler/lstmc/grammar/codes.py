"""Every kind of problem that a grammar can have: its code, one line about it, and whether it is an error.

docs/diagnostics.md lists them, and is made of these lines by benchmarks/reference_pages.py; explanations/CODE.md
explains each.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Kind:
    """One kind of problem: `code` never changes its meaning, `title` says it in a line."""

    code: str
    title: str
    severity: Severity = "error"


_KINDS = (
    # states and rules
    Kind("G001", "no state to start in"),
    Kind("G002", "two states have the same id"),
    Kind("G003", "a state is used but never defined"),
    Kind("G004", "the same rule stands twice", "warning"),
    Kind("G005", "no rules"),
    Kind("G006", "two answers to where strings start"),
    Kind("G007", "an undirected graph"),
    # symbols and other text
    Kind("G010", "a symbol is not in the alphabet"),
    Kind("G011", "the reserved name `end` is used as a symbol"),
    Kind("G012", "the alphabet is empty"),
    Kind("G013", "a symbol stands twice in the alphabet"),
    Kind("G014", "an empty text"),
    Kind("G015", "a character that cannot be shown or stored"),
    Kind("G016", "a text that nobody can see", "warning"),
    Kind("G017", "two texts that look the same", "warning"),
    Kind("G018", "a symbol that has the name of ε", "warning"),
    Kind("G019", "a symbol that looks like several", "warning"),
    # probabilities
    Kind("G020", "probabilities in a grammar that is not deterministic"),
    Kind("G021", "the probabilities of a state do not sum to 1"),
    Kind("G022", "only some moves of a state have a probability"),
    Kind("G023", "no probability is left for the end"),
    Kind("G024", "a state has a probability of ending, but does not accept"),
    Kind("G025", "a probability that is not above 0 and at most 1"),
    Kind("G026", "a probability with more digits than a double holds"),
    Kind("G027", "the same rule has a probability twice"),
    # outputs
    Kind("G030", "both states and edges have outputs"),
    Kind("G031", "a move that reads nothing changes the output"),
    # the language
    Kind("G040", "the language is empty"),
    Kind("G041", "a state that nothing leads to", "warning"),
    Kind("G042", "a move that leads nowhere", "warning"),
    Kind("G043", "a move that leads nowhere has a probability"),
    # keys and values
    Kind("G050", "an unknown key"),
    Kind("G051", "a key is missing"),
    Kind("G052", "a value of the wrong kind"),
    Kind("G053", "a value that is not allowed here"),
    Kind("G054", "a name that no file can have"),
    Kind("G055", "a key stands both at the top and in `graph:`"),
    Kind("G056", "a name that is changed, since no file can have it", "warning"),
    # YAML
    Kind("G060", "not YAML"),
    Kind("G061", "an anchor or an alias"),
    Kind("G062", "a tag"),
    Kind("G063", "more than one document"),
    Kind("G064", "a key stands twice"),
    Kind("G065", "nested too deeply"),
    Kind("G066", "a key that is a list or a mapping"),
    Kind("G067", "nothing in the file"),
    Kind("G068", "a character that YAML does not allow"),
    # other formats
    Kind("G070", "not a file of its format"),
    Kind("G071", "something that no grammar has"),
    Kind("G072", "a document type declaration"),
    Kind("G073", "a text that can be read in two ways", "warning"),
    # plugins
    Kind("G080", "a plugin that is not there or does not work"),
    Kind("G081", "a parameter that the plugin does not take"),
    # calls
    Kind("G090", "a call that leads to no net"),
    Kind("G091", "recursive calls, and nothing says how deep"),
    Kind("G092", "a net calls itself before it reads anything"),
    Kind("G093", "a net that never ends"),
    Kind("G094", "a net that is never called", "warning"),
    Kind("G095", "a probability, or an output of a state, in a grammar that calls"),
)

KINDS: dict[str, Kind] = {kind.code: kind for kind in _KINDS}
