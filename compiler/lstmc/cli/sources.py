"""From what the user names to a grammar or a network; warnings of a grammar go to standard error."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lstmc.cli.ending import tell, tell_error
from lstmc.cli.options import Build
from lstmc.cli.output import note
from lstmc.cli.progress import progress
from lstmc.errors import InputError, LstmcError, UsageError
from lstmc.files import IN_FOLDER, weights_at

if TYPE_CHECKING:
    from lstmc.grammar import Grammar
    from lstmc.grammar.nets import Nets
    from lstmc.network import Network

Made = TypeVar("Made")


def open_grammar(source: str, build: Build) -> "Grammar":
    """The grammar of a path or a name. Raises what `lstmc.load_grammar` raises."""
    from lstmc.grammar.catalogue import load_grammar

    grammar = load_grammar(source, dict(build.parameters), build.format, bool(build.expand), build.depth)
    tell_warnings(grammar)
    return grammar


def open_nets(
    source: str, parameters: Mapping[str, str], format: str | None, expand: bool | None, depth: int | None
) -> "Grammar | Nets":
    """The grammar as it is written, or its expansion. Raises what `lstmc.load_nets` raises."""
    from lstmc.grammar.catalogue import load_nets
    from lstmc.grammar.nets import plain

    found = load_nets(source, parameters, format, depth)
    return plain(found, expand=True) if expand else found


def tell_warnings(grammar: "Grammar | Nets") -> None:
    """What is odd about a grammar, on standard error."""
    for warning in grammar.warnings:
        tell(str(warning))


def open_network(source: str, build: Build) -> "Network":
    """The network of a weights file, or of a grammar that is compiled here and now.

    Raises what `lstmc.load`, `lstmc.load_grammar` and `lstmc.compile` raise, and UsageError for options of the
    compiler where the weights are made already.
    """
    return open_either(source, build, lambda grammar: compile_grammar(grammar, build))


def open_either(source: str, build: Build, from_grammar: Callable[["Grammar"], Made]) -> "Network | Made":
    """The network of a weights file, or what is made of a grammar."""
    if not is_weights(source):
        return from_grammar(open_grammar(source, build))
    if build.given:
        raise UsageError(
            f"{source} is compiled already: {', '.join(build.given)} cannot change it",
            "leave that out, or name the grammar instead of the weights",
        )
    from lstmc.network import load

    return load(source)


def compile_grammar(grammar: "Grammar", build: Build) -> "Network":
    """The network of a grammar. With a gain or a number format of one's own it may be wrong, which is then told."""
    from lstmc.pipeline import compile

    with progress("compiling"):
        network = compile(grammar, **build.options)
    if build.gain is not None or build.dtype is not None:
        _tell_unproved(network, grammar, build)
    return network


def _tell_unproved(network: "Network", grammar: "Grammar", build: Build) -> None:
    """Say why it is not proved to be right in the arithmetic of its number format, where it is not."""
    from lstmc.pipeline import to_program
    from lstmc.proof import prove

    asked = ("level", "memory", "max_states", "cell")
    of_program = {key: value for key, value in build.options.items() if key in asked}
    contract = network.header.dtype
    with progress(f"proving under {contract}"):
        verdict = prove(network, grammar, to_program(grammar, **of_program), [contract]).verdicts[contract]
    if verdict.kind == "refused":
        note(f"what this network says may be wrong: not proved under {contract}: {verdict.reason}")


def is_weights(source: str) -> bool:
    """Whether it is a weights file: by its name, or by a beginning that no grammar has."""
    if source.endswith(".safetensors") or Path(source, IN_FOLDER).is_file():
        return True
    try:
        with Path(source).open("rb") as file:
            head = file.read(9)
    except OSError:
        return False  # a name, or an error that the reader of grammars tells better
    return head[8:] == b"{" and b"\0" in head[:8]  # the length of a header, and the header


def refuse_own(source: str, output: Path | None) -> None:
    """Raises UsageError where what is to be written would replace what was named, or its proof."""
    if output is None or not output.exists():
        return
    for mine in (Path(source), proof_beside(Path(source))):
        if mine.exists() and output.samefile(mine):
            raise UsageError(f"{output} would be written over {mine}, which it is made of", "give -o another name")


def proof_beside(weights: Path) -> Path:
    """Where the certificate of a weights file stands: NAME.proof.json beside NAME.safetensors."""
    weights = weights_at(weights)
    return weights.with_name(f"{weights.name.removesuffix('.safetensors')}.proof.json")


def certificate_of(network: "Network", weights: Path) -> bytes | None:
    """The certificate that stands beside a weights file; None where there is none.

    Raises InputError where it cannot be read, or is one of other weights.
    """
    from lstmc.files import read_bytes
    from lstmc.proof import load_certificate

    file = proof_beside(weights)
    if not file.exists():
        return None
    named = load_certificate(file).get("network")
    if not isinstance(named, dict) or not network.digests().items() <= named.items():
        raise InputError(f"{file}: is the proof of other weights than {weights}", "compile the grammar again")
    return read_bytes(file)


def grammar_of(network: "Network", weights: Path) -> "Grammar":
    """The grammar that a weights file was made of: the shipped one where it is that, which says where to draw the
    states, else the one in the certificate beside the file.

    Raises InputError where there is no certificate, or another one.
    """
    if (grammar := shipped_grammar_of(network)) is not None:
        return grammar
    proof = certificate_of(network, weights)
    if proof is None:
        raise InputError(
            f"{weights} has no proof beside it, which would hold its grammar", "name the grammar instead of the weights"
        )
    from lstmc.proof.checker import check

    if faults := check(network.to_bytes(), proof):
        note(f"{proof_beside(weights)}: does not hold, so that its grammar may be another one: {faults[0]}")
    return certificate_grammar(proof_beside(weights))


def certificate_grammar(file: Path) -> "Grammar":
    """The grammar that a certificate speaks of. Raises InputError where it is none, GrammarError for a wrong one."""
    from lstmc.grammar import Grammar
    from lstmc.proof import load_certificate

    return Grammar.from_dict(load_certificate(file).get("grammar"), f"{file}, `grammar`")


def shipped_grammar_of(network: "Network") -> "Grammar | None":
    """The shipped grammar that a network was made of, if it was: unlike a certificate's it may say where to draw."""
    from lstmc.grammar.catalogue import load_grammar
    from lstmc.pipeline import grammar_digest
    from lstmc.shipped import shipped

    if network.name not in shipped():
        return None
    grammar = load_grammar(network.name)
    return grammar if grammar_digest(grammar) == network.header.grammar else None


class Attempts:
    """Several things tried one after the other: every failure is told, and `code` is that of the first."""

    def __init__(self) -> None:
        self.code = 0

    def attempt(self, work: Callable[[], Made]) -> Made | None:
        """What `work` returns; None where it failed in a way that the user is told about."""
        try:
            return work()
        except LstmcError as error:
            self.failed(error)
            return None

    def failed(self, error: LstmcError) -> None:
        tell_error(error)
        self.code = self.code or error.exit_code
