"""The page's modules that need no browser, run by Node.js."""

import json
import subprocess
from pathlib import Path
from typing import Any

from lstmc.picture import page_script

MODULES = (  # those without elements
    *("belief", "damage", "formulas", "grammar", "history", "machine", "neighbourhood", "numbers", "player", "session"),
    *("strings", "walk", "wiring", "words"),
)


def write_modules(folder: Path) -> None:
    """Each by its name."""
    for name in MODULES:
        (folder / f"{name}.mjs").write_text(page_script.read_script(name), "utf-8")


def run_script(folder: Path, script: str, exported: str, data: str) -> Any:
    """What a script returns that finds each module by its name, a network as `net`, and what page.py says as `data`.

    exported   the network's module   data   as JSON
    """
    imports = "".join(f'import * as {name} from "./{name}.mjs";\n' for name in MODULES)
    (folder / "network.mjs").write_text(exported, "utf-8")
    (folder / "script.mjs").write_text(
        f'{imports}import * as exported from "./network.mjs";\n'
        f"const data = {data};\n"
        "const net = machine.machineOf(exported, data.cells, data.words);\n"
        "const follower = grammar.grammarFollower(data.grammar, net.alphabet.length);\n"
        f"const answer = async () => {{ {script} }};\nconsole.log(JSON.stringify(await answer()));\n",
        "utf-8",
    )
    ended = subprocess.run(["node", folder / "script.mjs"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
