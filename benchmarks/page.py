"""How large illustrations are, how soon they are seen, and how fast they step, in the installed browser.

    python benchmarks/page.py

    bytes    of the file                          paint    ms until something is seen (first contentful paint)
    ready    ms until the page can be used        step     ms for one step on, everything shown anew

Each page is opened a few times; the median counts.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import lstmc
from lstmc.picture.page import illustrate

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from visits import Visit, started_browser

TIMES = 5
STEPS = 50
GRAMMARS: tuple[tuple[str, dict[str, str], dict[str, Any]], ...] = (
    ("reber", {}, {}),
    ("reber", {}, {"cell": "toy"}),
    ("reber-unknown-start", {}, {}),
    ("embedded-reber", {"depth": "2"}, {}),
    ("nested-3", {}, {}),
    ("random", {"states": "100", "symbols": "4", "seed": "1"}, {}),
    ("random", {"states": "100", "symbols": "4", "seed": "1"}, {"level": 2}),
)
PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
STEP = """
const began = performance.now();
let steps = 0;
for (; steps < argument && window.lstmc.position() < window.lstmc.string().length; steps++) {
  document.querySelector("#step").click();
  document.body.getBoundingClientRect();
}
return (performance.now() - began) / Math.max(1, steps);
"""


def main() -> int:
    print(f"{'':44} {'states':>6} {'cells':>6} {'made':>6} {'bytes':>9} {'paint':>6} {'ready':>6} {'step':>6}")
    with started_browser() as browser, TemporaryDirectory() as folder:
        for line in measured(browser, Path(folder, "page.html")):
            print(line)
    return 0


def measured(browser: Any, file: Path) -> Iterator[str]:
    for name, parameters, options in GRAMMARS:
        grammar = lstmc.load_grammar(name, parameters)
        network, certificate = lstmc.compile_proved(grammar, **options)
        began = perf_counter()
        file.write_text(illustrate(network, grammar, certificate), "utf-8")
        made = 1000 * (perf_counter() - began)
        paint, ready, step = (
            median(times) for times in zip(*(opened(browser, file) for _ in range(TIMES)), strict=True)
        )
        said = f"{name} {parameters or ''} {options or ''}".replace("'", "")
        sizes = f"{grammar.graph.number_of_nodes():6} {network.size:6} {made:6.0f} {file.stat().st_size:9,}"
        yield f"{said:44} {sizes} {paint:6.0f} {ready:6.0f} {step:6.1f}"


def opened(browser: Any, file: Path) -> tuple[float, float, float]:
    began = perf_counter()
    visit = Visit(browser, file)
    ready = 1000 * (perf_counter() - began)
    visit.until(f"{PAINT} !== undefined")
    paint = visit.ask(f"return {PAINT}")
    visit.go(0)
    step = visit.ask(STEP, STEPS)
    visit.close()
    return paint, ready, step


if __name__ == "__main__":
    sys.exit(main())
