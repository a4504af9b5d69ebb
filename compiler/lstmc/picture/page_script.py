"""All scripts of the illustration as one module: the network as it is exported for JavaScript, and the page's files.

Each file becomes a function that returns what it exports, so that names inside are its own:

    import { short } from "./numbers.mjs";         const { short } = $numbers;
    export function write(x) {}            becomes function write(x) {}
                                                   return { write };
"""

import re
from importlib.resources import files

from lstmc.export.exporters import exporter
from lstmc.export.package import Package
from lstmc.network import Network
from lstmc.picture.page_data import PageData

# In an order in which everything is defined before it is used.
FILES = (
    "numbers",
    "strings",
    "machine",
    "grammar",
    "damage",
    "history",
    "walk",
    "wiring",
    "formulas",
    "neighbourhood",
    "dom",
    "graph",
    "tape",
    "parts",
    "wires",
    "panel",
    "truth",
    "lab",
    "chart",
    "keys",
    "session",
    "belief",
    "words",
    "display",
    "player",
    "links",
    "frame",
    "page",
)
IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([a-z_]+)\.mjs";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class) (?:\{([^}]*)\}|([A-Za-z_]\w*)))", re.MULTILINE)


def page_script(network: Network, data: PageData) -> str:
    """The module."""
    seed = _exported(Package(data.seed)) if data.seed else "null"
    script = "\n".join(
        [
            *(f"const ${name} = {_as_function(read_script(name))};" for name in FILES),
            f"const compiled = {_exported(Package(network, data.proof))};",
            f"const seed = {seed};",
            '$page.openPage(JSON.parse(document.getElementById("data").textContent), compiled, seed);',
        ]
    )
    assert not re.search(r"</script|<!--", script, re.IGNORECASE), "the page's script would end too early"
    return script


def _exported(package: Package) -> str:
    chosen = exporter("javascript")
    chosen.check(package)
    return _as_function(chosen.write(package).decode("ascii"))


def _as_function(module: str) -> str:
    names = [name.strip() for several, one in EXPORT.findall(module) for name in (several or one).split(",")]
    inside = EXPORT.sub("", IMPORT.sub(r"const \1 = $\2;", module))
    return f"(() => {{\n{inside}\nreturn {{ {', '.join(names)} }};\n}})()"


def read_script(name: str) -> str:
    """A module of the page."""
    return files("lstmc.picture").joinpath("page", f"{name}.mjs").read_text("utf-8")
