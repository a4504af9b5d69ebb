"""The page's modules that need no browser, run by Node.js."""

import json
import shutil
import subprocess
from functools import cache

import pytest

import lstmc
from lstmc.export import Package
from lstmc.export.exporters import exporter
from lstmc.picture import page_script
from lstmc.picture.page_data import page_data

MODULES = (  # those without elements
    *("belief", "damage", "formulas", "grammar", "history", "machine", "neighbourhood", "numbers", "player", "session"),
    *("strings", "walk", "wiring", "words"),
)


@cache
def network(grammar, options):
    """The module of a network, and what page.py says of it."""
    loaded = lstmc.load_grammar(grammar)
    found = lstmc.compile(loaded, **dict(options))
    exported = exporter("javascript").write(Package(found)).decode("ascii")
    return exported, json.dumps(page_data(found, loaded, None).page)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """What a script returns that finds each module by its name, a network as `net`, and what page.py says as `data`."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    folder = tmp_path_factory.mktemp("modules")
    for name in MODULES:
        (folder / f"{name}.mjs").write_text(page_script.read_script(name), "utf-8")
    imports = "".join(f'import * as {name} from "./{name}.mjs";\n' for name in MODULES)

    def run(script, grammar="reber", **options):
        exported, data = network(grammar, tuple(options.items()))
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

    return run
