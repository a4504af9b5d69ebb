"""A real browser that opens illustrations, and hears everything that they should not do.

A visit is one page in a window of its own, without a network. At its end nothing may have been fetched, written to the
console, thrown or opened: `Visit.faults` holds what was.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 60_000  # milliseconds until something that should come is given up
GLANCE = 500  # milliseconds of waiting after which it is seen whether the page has failed
WIDTH, HEIGHT = 1200, 1000

# Numbers as text, bit by bit: JSON knows neither -0 nor NaN.
EXACTLY = """
const exactly = (value) => JSON.stringify(value, (_, x) =>
  typeof x === "number" ? (Object.is(x, -0) ? "-0" : String(x)) : x);
const table = () => Object.fromEntries([...document.querySelectorAll("#parts tr[data-part]")].map((row) =>
  [row.dataset.part, Object.fromEntries([...row.querySelectorAll("[data-value]")].map((cell) =>
    [cell.dataset.cell, cell.dataset.value]))]));
const everything = () => `${window.lstmc.position()} ${exactly(window.lstmc.state())} ${exactly(table())}`;
"""


@contextmanager
def started_browser() -> Iterator[Any]:
    """A headless browser. Skips where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install lstmc[browser]")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


class Visit:
    """One page. `faults` grows by itself."""

    def __init__(self, browser: Any, file: Path, after: str = "", **window: Any) -> None:
        """after: what stands behind the name of the file, such as #hash; window: options of Playwright's context.

        The illustration may stand in a frame of the page: `frame` is where it is.
        """
        size = {"width": window.pop("width", WIDTH), "height": window.pop("height", HEIGHT)}
        window = {"reduced_motion": "reduce", "color_scheme": "light", **window}
        self.context = browser.new_context(viewport=size, offline=True, **window)
        self.context.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page = self.context.new_page()
        self._listen()
        self.page.goto(file.as_uri() + after)
        self.frame = next((frame for frame in self.page.frames if frame.parent_frame), self.page.main_frame)
        self.until("window.lstmc?.ready === true")

    def _listen(self) -> None:
        page, hear = self.page, self.faults.append
        page.on("console", lambda message: hear(f"console: {message.text}"))
        page.on("pageerror", lambda error: hear(f"error: {error}"))
        page.on("popup", lambda other: hear(f"popup: {other.url}"))
        page.on("download", lambda file: hear(f"download: {file.suggested_filename}"))
        page.on("dialog", lambda dialog: (hear(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url.startswith("file:") or hear(f"request: {request.url[:200]}"))

    def ask(self, script: str, argument: Any = None) -> Any:
        """What a piece of JavaScript gives that may use `cells`, `table`, `exactly`, `everything` and `argument`."""
        return self.frame.evaluate(f"async (argument) => {{ {EXACTLY} {script} }}", argument)

    def until(self, condition: str) -> None:
        """Wait for something. Playwright's own way evaluates text inside the page, whose policy forbids that."""
        for _ in range(PATIENCE // GLANCE):
            came = self.ask(
                f"""const stop = performance.now() + argument;
                while (!({condition}) && performance.now() < stop) await new Promise((done) => setTimeout(done, 20));
                return Boolean({condition});""",
                GLANCE,
            )
            if came:
                return
            assert self.faults == [], condition
        raise AssertionError(condition)

    def type(self, string: str) -> None:
        """Put a string on the tape."""
        self.frame.fill("#tape-input", string)

    def go(self, position: int) -> None:
        """Scrub to a position."""
        self.set("#scrubber", str(position))

    @property
    def string(self) -> str:
        return self.ask("return window.lstmc.string()")

    @property
    def position(self) -> int:
        return self.ask("return window.lstmc.position()")

    def lit(self) -> set[str]:
        """The states that are lit in the graph."""
        return set(
            self.ask("""return [...document.querySelectorAll("#graph [data-state].on")]
            .map((state) => state.dataset.state)""")
        )

    def allowed(self) -> set[str]:
        """The symbols that are marked as those that may come next."""
        return set(
            self.ask("""return [...document.querySelectorAll("#alphabet .allowed")]
            .map((button) => button.dataset.symbol)""")
        )

    def wide(self) -> tuple[int, int]:
        """How wide the page is, and how wide its window."""
        return tuple(self.ask("return [document.documentElement.scrollWidth, window.innerWidth]"))

    def faults_of_access(self, inside: str = "html") -> list[str]:
        """What axe-core finds that is serious or critical. Skips where it is not installed."""
        if not self.frame.evaluate("'axe' in window"):
            self.frame.evaluate(axe().read_text("utf-8"))
        found = self.ask(
            "return (await axe.run(argument, { resultTypes: ['violations'], iframes: false })).violations", inside
        )
        return [
            f"{each['impact']}: {each['id']}: {each['help']}: {[node['html'][:200] for node in each['nodes'][:3]]}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]

    def click(self, selector: str, number: int = 0) -> None:
        """Click one of the elements, wherever on the page it is."""
        self.frame.locator(selector).nth(number).dispatch_event("click")

    def set(self, selector: str, value: Any) -> None:
        """Move a slider, choose from a list, or tick a box."""
        self.frame.locator(selector).evaluate(
            """(control, value) => {
                if (typeof value === "boolean") control.checked = value;
                else control.value = value;
                for (const event of ["input", "change"]) control.dispatchEvent(new Event(event, { bubbles: true }));
            }""",
            value,
        )

    def close(self) -> None:
        self.context.close()


def axe() -> Path:
    """axe-core, which finds faults of accessibility. Skips where it is not installed."""
    folder = os.environ.get("LSTMC_AXE", os.path.join(sys.prefix, "axe"))
    file = Path(folder, "node_modules", "axe-core", "axe.min.js")
    if not file.exists():
        pytest.skip(f"no axe-core: npm install --prefix {folder} axe-core@4.14.1")
    return file
