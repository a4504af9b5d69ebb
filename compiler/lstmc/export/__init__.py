"""Stage 6: networks for other frameworks, and whether they behave there as proved.

Each framework is a plugin (`lstmc.exporters`); docs/plugins.md says what one must offer.
"""

from lstmc.export.exporters import Exporter, exporter
from lstmc.export.literals import python_literal
from lstmc.export.package import Package
from lstmc.export.runtime import Runtime, Worker, python_runtime
from lstmc.network.strings import tokens

__all__ = ["Exporter", "Package", "Runtime", "Worker", "exporter", "python_literal", "python_runtime", "tokens"]
