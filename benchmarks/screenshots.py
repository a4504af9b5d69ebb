"""Screenshots of illustrations, for the documents: three widths, light and dark, and what the damage lab shows.

    python benchmarks/screenshots.py            says which pictures there are
    python benchmarks/screenshots.py --write    takes them anew, with the installed browser, into docs/pictures/

Fonts differ from machine to machine, so a person compares them, no test.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

import lstmc
from lstmc.picture.page import illustrate

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from visits import Visit, started_browser

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
COLOURS = 256


@dataclass(frozen=True)
class Scene:
    """One picture: a grammar, a window, and what was done before it was taken."""

    says: str
    grammar: str
    width: int
    act: Callable[[Visit], None]
    height: int | None = None  # of the whole page where not given
    scheme: str = "light"
    parameters: dict[str, str] = field(default_factory=dict)


def mid_string(on_page: Visit) -> None:
    """Reber, after BPT: the eraser of `5 by P`, the ninth cell, keeps what P has written."""
    on_page.type("BPTTVPXVVE")
    on_page.go(3)
    on_page.click("#parts tr[data-part='eraser'] td", 8)


def wrong(on_page: Visit) -> None:
    """The hand-made weights in a long loop, at the first wrong prediction."""
    on_page.type("BT" + "S" * 60 + "XSE")
    on_page.set("#lab-seed", True)
    on_page.go(63)
    on_page.click("#first-wrong")


def sets(on_page: Visit) -> None:
    """An unknown start: several states are possible."""
    on_page.type("TVPX")
    on_page.go(1)


def halfway(on_page: Visit) -> None:
    """In the middle of the first example."""
    length = len(on_page.ask("return window.lstmc.string()"))
    on_page.go(length // 2)


SCENES = {
    "illustration-320": Scene("a phone", "reber", 320, mid_string),
    "illustration-900": Scene("a small window", "reber", 900, mid_string),
    "illustration-1600": Scene("a large window", "reber", 1600, mid_string),
    "illustration-dark": Scene("at night", "reber", 1200, mid_string, scheme="dark"),
    "illustration-damage": Scene("the hand-made weights go wrong", "reber", 1200, wrong),
    "illustration-unknown-start": Scene("several states at once", "reber-unknown-start", 1200, sets),
    "illustration-outputs": Scene("a Moore machine", "remainder-3", 1200, halfway),
    "illustration-large": Scene("a neighbourhood", "random", 1200, halfway, parameters={"states": "100", "seed": "1"}),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="take them anew")
    parser.add_argument("-o", dest="folder", type=Path, default=PICTURES, help="where to (default: docs/pictures)")
    options = parser.parse_args()
    for name, scene in SCENES.items():
        print(f"{name}.png: {scene.says}")
    if options.write:
        take(options.folder)
    return 0


def take(folder: Path) -> None:
    """All of them."""
    with started_browser() as browser, TemporaryDirectory() as temporary:
        for name, scene in SCENES.items():
            page = Path(temporary, f"{name}.html")
            page.write_text(illustration(scene), "utf-8")
            visit = Visit(browser, page, width=scene.width, height=scene.height or 1000, color_scheme=scene.scheme)
            scene.act(visit)
            visit.ask("document.activeElement.blur(); scrollTo(0, 0)")
            visit.page.wait_for_timeout(200)  # nothing moves any more
            save(visit.page.screenshot(full_page=scene.height is None), folder / f"{name}.png")
            visit.close()
            if visit.faults:
                raise SystemExit(f"{name}: {visit.faults}")


def save(picture: bytes, path: Path) -> None:
    """With its most frequent colours, which are enough for a page, and make a third of the size."""
    pixels = np.asarray(Image.open(BytesIO(picture)).convert("RGB"))
    found, place, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    colourful = 1 + np.ptp(found, axis=1).astype(np.int64)  # a small red sign says more than many shades of grey
    palette = found[np.argsort(-counts * colourful, kind="stable")[:COLOURS]]
    distance = ((found[:, None].astype(np.int64) - palette[None]) ** 2).sum(axis=2)
    few = Image.fromarray(distance.argmin(axis=1)[place].reshape(pixels.shape[:2]).astype(np.uint8))
    few.putpalette(palette.tobytes())
    few.save(path, optimize=True)


def illustration(scene: Scene) -> str:
    grammar = lstmc.load_grammar(scene.grammar, scene.parameters)
    network, certificate = lstmc.compile_proved(grammar)
    return illustrate(network, grammar, certificate)


if __name__ == "__main__":
    sys.exit(main())
