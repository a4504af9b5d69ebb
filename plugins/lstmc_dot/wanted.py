"""What the user says of a drawing that the drawing itself does not say."""

from typing import Literal, NamedTuple

Kind = Literal["auto", "acceptor", "mealy", "moore", "chain"]
Probabilities = Literal["read", "none"]


class Wanted(NamedTuple):
    """The parameters of the format.

    several         whether commas, bars and line breaks in the label of an edge separate symbols
    kind            acceptor: no label has an output; mealy: those of edges have; moore: those of nodes are outputs, or
                    have one; chain: the labels of edges are probabilities, and what is read is the label of the node
                    that the edge leads to; auto: as the labels look
    probabilities   none: they are passed over
    """

    several: bool = True
    kind: Kind = "auto"
    probabilities: Probabilities = "read"
