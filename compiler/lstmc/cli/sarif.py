"""What `lstmc check` found, as one document in SARIF 2.1.0, which code hosts and editors read.

Source of the names: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS, 2020. Texts are written as
they are, without the doubled braces of its section 3.11.5, which no reader that we know of takes back.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from lstmc.cli.findings import Checked, relative, remedied
from lstmc.version import VERSION

if TYPE_CHECKING:
    from lstmc.grammar import Diagnostic

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(run: Sequence[Checked], code: int) -> dict[str, Any]:
    """The document of a run that ends with an exit code. A grammar that could not be checked makes it no success."""
    problems = [problem for checked in run for problem in checked.problems]
    failures = [remedied(checked.failure) for checked in run if checked.failure]
    codes = sorted({problem.code for problem in problems})
    invocation = {
        "executionSuccessful": not failures,
        "exitCode": code,
        "toolExecutionNotifications": [{"level": "error", "message": {"text": failure}} for failure in failures],
    }
    driver = {"name": "lstmc", "version": VERSION, "rules": [_rule(code) for code in codes]}
    made = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in problems],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [made]}


def _rule(code: str) -> dict[str, Any]:
    from lstmc.grammar.explain import explain_code

    explained = explain_code(code)
    return {
        "id": code,
        "shortDescription": {"text": explained.kind.title},
        "fullDescription": {"text": explained.paragraphs[0]},
        "help": {"text": "\n\n".join(explained.paragraphs), "markdown": explained.markdown},
        "defaultConfiguration": {"level": explained.kind.severity},
    }


def _result(problem: "Diagnostic", rule: int) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": remedied(problem)},
        "locations": [_location(problem)],
    }


def _location(problem: "Diagnostic") -> dict[str, Any]:
    if not problem.line:  # a graph in memory, by its name
        return {"logicalLocations": [{"name": problem.file}]}
    last = problem.column + problem.width  # the first column that is not meant
    region = {"startLine": problem.line, "startColumn": problem.column, "endColumn": last}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(problem.file)}, "region": region}}


def _uri(file: str) -> str:
    path = Path(relative(file))
    return path.as_uri() if path.is_absolute() else quote_from_bytes(path.as_posix().encode(errors="surrogateescape"))
