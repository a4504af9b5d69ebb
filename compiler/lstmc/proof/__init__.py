"""Stage 5: network and automaton to certificate; and the checker, which trusts neither."""

from lstmc.proof.certificate import Certificate, Verdict, load_certificate
from lstmc.proof.contracts import CONTRACTS, Contract
from lstmc.proof.counterexample import Counterexample, counterexample
from lstmc.proof.prove import provable, prove, stated

__all__ = [
    "CONTRACTS",
    "Certificate",
    "Contract",
    "Counterexample",
    "Verdict",
    "counterexample",
    "load_certificate",
    "provable",
    "prove",
    "stated",
]
