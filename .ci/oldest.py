"""Print the oldest versions that pyproject.toml allows, as constraints for pip: of the core, and of the extras named.

python .ci/oldest.py test > constraints.txt
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def oldest(requirements: list[str]) -> Iterator[str]:
    for requirement in map(Requirement, requirements):
        if requirement.name == PROJECT["name"]:
            for extra in sorted(requirement.extras):
                yield from oldest(EXTRAS[extra])
        else:
            (bound,) = requirement.specifier  # one, so that the oldest version is known
            yield f"{requirement.name}=={bound.version}"


if __name__ == "__main__":
    wanted = [*PROJECT["dependencies"], *(each for extra in sys.argv[1:] for each in EXTRAS[extra])]
    print("\n".join(oldest(wanted)))
