"""lstmc verify: the independent checker, or a string that goes wrong."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from lstmc.canonical import SHOWN
from lstmc.cli.options import GRAMMAR, WEIGHTS, Build, expand_option, from_option, json_option
from lstmc.cli.output import LONGEST_TEXT, counted, json_line, say, say_hanging, shorten
from lstmc.cli.progress import progress
from lstmc.cli.sources import certificate_grammar, is_weights, open_grammar, proof_beside
from lstmc.errors import InputError, PluginError, UsageError
from lstmc.files import weights_at

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.proof import Counterexample
    from lstmc.proof.checker import Findings


@click.command(short_help="Check a proof, trusting nobody.")
@click.argument("weights", type=WEIGHTS)
@click.option("--proof", "proof", type=click.Path(path_type=Path), help="The certificate (NAME.proof.json beside it).")
@click.option("--grammar", "source", type=GRAMMAR, metavar="GRAMMAR", help="The grammar that must be the one proved.")
@from_option
@expand_option
@click.option("--no-digests", is_flag=True, help="Let only the mathematics refuse, not the digests.")
@click.option("--counterexample", "search", is_flag=True, help="Look for a string that the network gets wrong.")
@json_option
def command(
    weights: str,
    proof: Path | None,
    source: str | None,
    format: str | None,
    expand: bool | None,
    depth: int | None,
    no_digests: bool,
    search: bool,
    as_json: bool,
) -> int:
    """Check that weights follow their grammar, by the certificate beside them.

    The checker shares no code with the compiler: it derives every obligation again from the bytes of the weights. The
    exit code is 1 where anything is wrong. A grammar is compiled first, to files that do not stay.

    \b
    Examples:
      lstmc verify build/reber.safetensors
      lstmc verify build/reber.safetensors --grammar reber
      lstmc verify build/reber.safetensors --counterexample
    """
    of = Build(format=format, expand=expand, depth=depth)
    grammar = open_grammar(source, of) if source is not None else None
    with ExitStack() as stack:
        file = weights_at(weights) if is_weights(weights) else stack.enter_context(_compiled(weights, of))
        found = _counterexample(file, proof, grammar) if search else None
        checked = _check(file, proof, grammar, not no_digests, required=not search)
        proved = _proved(proof or proof_beside(file), grammar) if checked.verdicts else None
    if as_json:
        json_line(_to_dict(weights, checked, proved, found))
    else:
        _print(weights, checked, proved, found, search)
    return 1 if checked.violations or found is not None else 0


@contextmanager
def _compiled(source: str, build: Build) -> Iterator[Path]:
    """The weights that a grammar is compiled to, with their proof, for a while."""
    from lstmc.pipeline import compile_proved

    grammar = open_grammar(source, build)
    with progress("compiling") as bar:
        network, certificate = compile_proved(grammar, tell=bar.tell)
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{network.name}.safetensors"
        network.save(file)
        certificate.save(proof_beside(file))
        yield file


def _check(weights: Path, proof: Path | None, grammar: "Grammar | None", digests: bool, required: bool) -> "Findings":
    """What the checker says; nothing where there is no certificate and none is required."""
    from lstmc.files import read_bytes
    from lstmc.proof.checker import Findings, verify

    certificate = proof or proof_beside(weights)
    if not certificate.exists():
        if not required:
            return Findings([], [])
        raise InputError(f"{certificate}: there is no such certificate", "compile the grammar again, with a proof")
    meant = grammar.meaning() if grammar is not None else None
    with progress("checking") as bar:
        return verify(read_bytes(weights), read_bytes(certificate), digests, meant, bar.tell, _installed)


def _installed(name: str) -> dict[str, Any] | None:
    """What the cell type of that name, as it is installed here, says of itself; None where there is none."""
    from lstmc.network import cell_type
    from lstmc.proof import stated

    try:
        return stated(cell_type(name))
    except PluginError:
        return None


@dataclass(frozen=True)
class _Proved:
    """The grammar that a proof which holds is about; compared: with one that the user named."""

    name: str
    states: int
    digest: str
    compared: bool

    def __str__(self) -> str:
        whose = "the one given" if self.compared else "as the certificate has it; --grammar compares it with yours"
        return f"{self.name}, {counted(self.states, 'state')}, digest {self.digest[:SHOWN]}: {whose}"


def _proved(certificate: Path, given: "Grammar | None") -> _Proved:
    from lstmc.pipeline import grammar_digest

    grammar = certificate_grammar(certificate)
    return _Proved(grammar.name, len(grammar.graph), grammar_digest(grammar), given is not None)


def _counterexample(weights: Path, proof: Path | None, grammar: "Grammar | None") -> "Counterexample | None":
    """A string that goes wrong; the grammar is the one named, else the certificate's."""
    from lstmc.network import load
    from lstmc.proof import counterexample

    if grammar is None:
        certificate = proof or proof_beside(weights)
        if not certificate.exists():
            raise UsageError(f"{weights} has no certificate that names its grammar", "say it: --grammar GRAMMAR")
        grammar = certificate_grammar(certificate)
    with progress("looking for a string that goes wrong"):
        return counterexample(load(weights), grammar)


def _print(
    weights: str, checked: "Findings", proved: _Proved | None, found: "Counterexample | None", search: bool
) -> None:
    if checked.violations:
        count = counted(len(checked.violations), "violation")
        say_hanging(4, *map(str, checked.violations), f"{weights}: {count}: the proof does not hold")
    elif checked.verdicts:
        say_hanging(4, f"{weights}: the proof holds")
        say_hanging(16, f"  for grammar   {proved}")
        verdicts = ((each.contract, shorten(each.says, LONGEST_TEXT)) for each in checked.verdicts)
        say_hanging(22, *(f"  under {contract:<13} {says}" for contract, says in verdicts))
        _print_equations(checked.equations)
    if search:
        say_hanging(4, str(found) if found is not None else "no string was found that goes wrong")


def _print_equations(text: str | None) -> None:
    """Those that a certificate brings; of our own types of cell the checker has its own, and nothing is to be said."""
    if text is None:
        return
    say_hanging(
        2,
        "  of a cell type that the checker does not know: it does not vouch for these equations. They are the "
        "certificate's own, and the proof is of what they say:",
    )
    say(*(f"    {line}" for line in text.splitlines()))


def _to_dict(
    weights: str, checked: "Findings", proved: _Proved | None, found: "Counterexample | None"
) -> dict[str, Any]:
    wrong = None
    if found is not None:
        wrong = {"string": found.string, "network": list(found.network), "grammar": list(found.grammar)}
    return {
        "weights": weights,
        "violations": [str(violation) for violation in checked.violations],
        "grammar": asdict(proved) if proved else None,
        "proof": {
            each.contract: {"verdict": each.kind, "bound": each.bound, "counts": each.counts, "margin": each.margin}
            for each in checked.verdicts
        },
        "equations": None if checked.equations is None or checked.violations else checked.equations.splitlines(),
        "counterexample": wrong,
    }
