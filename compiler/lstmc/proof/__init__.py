"""Stage 5: network and automaton to certificate; and the checker, which trusts neither."""

from lstmc.proof.certificate import Certificate, Verdict
from lstmc.proof.contracts import CONTRACTS, Contract
from lstmc.proof.prove import prove

__all__ = ["CONTRACTS", "Certificate", "Contract", "Verdict", "prove"]
