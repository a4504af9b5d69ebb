"""Stage 6: networks for other frameworks, and whether they behave there as proved.

Each framework is a plugin (`lstmc.exporters`); docs/plugins.md says what one must offer.
"""

from lstmc.export.exporters import Exporter, exporter
from lstmc.export.literals import python_literal
from lstmc.export.package import Package
from lstmc.export.runtime import Runtime, Worker, python_runtime
from lstmc.export.state_dict import StateDict, state_dict_file, with_metadata
from lstmc.export.tables import Pairs, Row, gate_rows, number_literal, reader_rows
from lstmc.network.equations import PRIME, Bound, Expression, Line, Sum, in_domain
from lstmc.network.network import MEMORY, Rows
from lstmc.network.strings import tokens
from lstmc.network.written import MATHEMATICS, SUM, Language, Written, statements

__all__ = [
    "MATHEMATICS",
    "MEMORY",
    "PRIME",
    "SUM",
    "Bound",
    "Exporter",
    "Expression",
    "Language",
    "Line",
    "Package",
    "Pairs",
    "Row",
    "Rows",
    "Runtime",
    "StateDict",
    "Sum",
    "Worker",
    "Written",
    "exporter",
    "gate_rows",
    "in_domain",
    "number_literal",
    "python_literal",
    "python_runtime",
    "reader_rows",
    "state_dict_file",
    "statements",
    "tokens",
    "with_metadata",
]
