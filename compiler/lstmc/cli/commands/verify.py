"""lstmc verify: the independent checker, or a string that goes wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lstmc.cli.options import GRAMMAR, WEIGHTS, Build, json_option
from lstmc.cli.output import json_line, say
from lstmc.cli.sources import certificate_grammar, is_weights, open_grammar, proof_beside
from lstmc.errors import InputError, UsageError

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.proof import Counterexample


@click.command(short_help="Check a proof, trusting nobody.")
@click.argument("weights", type=WEIGHTS)
@click.option("--proof", "proof", type=click.Path(path_type=Path), help="The certificate (NAME.proof.json beside it).")
@click.option("--grammar", "source", type=GRAMMAR, metavar="GRAMMAR", help="The grammar that must be the one proved.")
@click.option("--no-digests", is_flag=True, help="Let only the mathematics refuse, not the digests.")
@click.option("--counterexample", "search", is_flag=True, help="Look for a string that the network gets wrong.")
@json_option
def command(weights: str, proof: Path | None, source: str | None, no_digests: bool, search: bool, as_json: bool) -> int:
    """Check that weights follow their grammar, by the certificate beside them.

    The checker shares no code with the compiler: it derives every obligation again from the bytes of the weights. The
    exit code is 1 where anything is wrong.

    \b
    Examples:
      lstmc verify weights/reber.safetensors
      lstmc verify weights/reber.safetensors --grammar reber
      lstmc verify weights/reber.safetensors --counterexample
    """
    if not is_weights(weights):
        raise UsageError(f"'{weights}' is no weights file", f"compile it first: lstmc compile {weights}")
    grammar = open_grammar(source, Build()) if source is not None else None
    found = _counterexample(weights, proof, grammar) if search else None
    violations, verdicts = _check(Path(weights), proof, grammar, not no_digests, required=not search)
    if as_json:
        json_line(_to_dict(weights, violations, verdicts, found))
    else:
        _print(weights, violations, verdicts, found, search)
    return 1 if violations or found is not None else 0


def _check(
    weights: Path, proof: Path | None, grammar: "Grammar | None", digests: bool, required: bool
) -> tuple[list[str], dict[str, Any]]:
    """Every violation in words, and what the certificate says of each contract."""
    from lstmc.files import read_bytes
    from lstmc.proof import CONTRACTS, load_certificate
    from lstmc.proof.checker import check

    certificate = proof or proof_beside(weights)
    if not certificate.exists():
        if not required:
            return [], {}
        raise InputError(f"{certificate}: there is no such certificate", "compile the grammar again, with a proof")
    data = load_certificate(certificate)
    claims = data.get("contracts")
    said = {name: claims[name] for name in CONTRACTS if name in claims} if isinstance(claims, dict) else {}
    meant = grammar.meaning() if grammar is not None else None
    violations = check(read_bytes(weights), read_bytes(certificate), digests, meant)
    return [str(violation) for violation in violations], said


def _counterexample(weights: str, proof: Path | None, grammar: "Grammar | None") -> "Counterexample | None":
    """A string that goes wrong; the grammar is the one named, else the certificate's."""
    from lstmc.network import load
    from lstmc.proof import counterexample

    if grammar is None:
        certificate = proof or proof_beside(Path(weights))
        if not certificate.exists():
            raise UsageError(f"{weights} has no certificate that names its grammar", "say it: --grammar GRAMMAR")
        grammar = certificate_grammar(certificate)
    return counterexample(load(weights), grammar)


def _print(
    weights: str, violations: list[str], verdicts: dict[str, Any], found: "Counterexample | None", search: bool
) -> None:
    for violation in violations:
        say(violation)
    if violations:
        say(f"{weights}: {len(violations)} violation{'' if len(violations) == 1 else 's'}: the proof does not hold")
    elif verdicts:
        say(f"{weights}: the proof holds")
        for name, verdict in verdicts.items():
            words = str(verdict["verdict"]).replace("-", " ")
            more = verdict.get("counts") or verdict.get("reason")
            say(f"  under {name:<13} {words}{f': {more}' if more else ''}")
    if search:
        say(str(found) if found is not None else "no string was found that goes wrong")


def _to_dict(
    weights: str, violations: list[str], verdicts: dict[str, Any], found: "Counterexample | None"
) -> dict[str, Any]:
    shown = ("verdict", "bound", "counts", "margin")
    wrong = None
    if found is not None:
        wrong = {"string": found.string, "network": list(found.network), "grammar": list(found.grammar)}
    return {
        "weights": weights,
        "violations": violations,
        "proof": {name: {key: verdict.get(key) for key in shown} for name, verdict in verdicts.items()},
        "counterexample": wrong,
    }
