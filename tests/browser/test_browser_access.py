"""The page is usable by everybody: axe-core finds nothing serious, and the keyboard alone does it all."""

import pytest

STRINGS = {"reber": "BTSSXXTVB", "unknown start toy": "XTVP", "edges": "0011", "large": "abab", "embedded": "BTBP"}


@pytest.mark.parametrize(
    ("name", "scheme", "widths"),
    [
        ("reber", "light", (320, 900, 1600)),
        ("reber", "dark", (320, 900, 1600)),
        ("unknown start toy", "light", (320,)),
        ("edges", "dark", (1600,)),
        ("large", "light", (900,)),
    ],
)
def test_axe_finds_nothing_serious(visit, name, scheme, widths):
    """At the start; and mid-string, where the string has left the grammar, with damage and something picked."""
    on_page = visit(name, color_scheme=scheme)
    found = {"start": on_page.faults_of_access()} if scheme == "light" else {}
    for number, width in enumerate(widths):
        on_page.page.set_viewport_size({"width": width, "height": 900})
        on_page.type(STRINGS[name])
        on_page.go((3, 6, 9)[number])
        pick(on_page, number)
        damage(on_page, number)
        found[width] = on_page.faults_of_access()
    assert {where: faults for where, faults in found.items() if faults} == {}


def pick(on_page, number):
    """A number, a rule, or a whole row."""
    on_page.click(
        ("#parts tr[data-part='eraser'] td", "#graph [data-rule]", "#parts tr[data-part='writer'] th")[number]
    )


def damage(on_page, number):
    """Unfold everything, then none, some and all damage."""
    on_page.ask("for (const details of document.querySelectorAll('details')) details.open = true")
    on_page.set("#lab-noise", str(50 * number))


@pytest.mark.parametrize(("width", "names"), [(320, ("reber", "edges", "large")), (2560, ("reber",))])
def test_the_page_never_scrolls_sideways(visit, width, names):
    for name in names:
        on_page = visit(name, width=width)
        on_page.type(STRINGS[name])
        on_page.go(2)
        for number in range(3):
            pick(on_page, number)
            damage(on_page, number)
            scrolled, window = on_page.wide()
            assert scrolled <= window, (name, number)


FOCUS_IS_SEEN = """
const element = document.activeElement;
const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
const { left, width, top, height } = element.getBoundingClientRect();
const there = document.elementFromPoint(left + width / 2, top + height / 2); // null outside of the window
const seen = there !== null && (element.contains(there) || there.contains(element));
const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) >= 1;
return element.matches(":focus-visible") && seen && (outlined || boxShadow !== "none");
"""
BEHIND = """
const place = document.activeElement.compareDocumentPosition(document.querySelector(argument));
return (place & Node.DOCUMENT_POSITION_FOLLOWING) === 0;
"""


class Keyboard:
    """Somebody who has nothing but a keyboard."""

    def __init__(self, visit):
        self.visit, self.press_key = visit, visit.page.keyboard.press

    def at(self, wanted, *keys):
        """Go to a control with the Tab key alone, see that one is there, and press keys."""
        back = self.visit.ask(BEHIND, wanted)
        for _ in range(100):
            self.press_key("Shift+Tab" if back else "Tab")
            if self.visit.ask("return document.activeElement.matches(argument)", wanted):
                assert self.visit.ask(FOCUS_IS_SEEN), wanted
                return self.press(*keys)
        raise AssertionError(f"the Tab key never comes to {wanted}")

    def press(self, *keys):
        for key in keys:
            self.press_key(key)


@pytest.mark.parametrize("width", [500, 1600])
def test_the_keyboard_alone_suffices(visit, width):
    on_page = visit("reber", width=width, height=800)
    user = Keyboard(on_page)
    user.at("#tape-input", "Control+A", *"BTSSXXTVPSE")
    assert on_page.string == "BTSSXXTVPSE"
    user.at("#reset", "Enter")
    assert on_page.position == 0
    user.at("#step", "Enter", "Enter", "Space")
    assert on_page.position == 3
    user.at("#back", "Enter")
    assert on_page.position == 2
    user.at("#scrubber", "End")
    assert on_page.position == 11
    user.press("Home", "ArrowRight")
    assert on_page.position == 1
    user.at("#speed", "End")
    user.at("#play", "Enter")
    on_page.until("window.lstmc.position() === 11")

    user.at("#examples", "ArrowDown", "ArrowDown", "Enter")
    assert on_page.string not in ("", "BTSSXXTVPSE")
    user.at("#tape-input", "Control+A", *"BT")
    user.at("#scrubber", "End")
    user.at("#alphabet [data-symbol='X']", "Enter")
    assert on_page.string == "BTX"
    user.at("#choose", "Enter")
    assert on_page.string in ("BTXS", "BTXX")

    user.at("#graph [data-rule]", "ArrowRight", "Enter")
    assert "rule" in on_page.frame.inner_text("#formula")
    user.at("#parts [tabindex='0']", *["ArrowDown"] * 3, "ArrowRight", "ArrowRight", "Enter")
    assert on_page.ask("return document.querySelectorAll('#parts td.picked').length") == 1
    assert on_page.ask(FOCUS_IS_SEEN)
    assert "=" in on_page.frame.inner_text("#formula")

    user.at("#lab-gain", "Home")
    user.at("#lab-run", "Enter")
    assert on_page.frame.locator("#tape [data-first-wrong][aria-current]").count() == 1
    user.at("#link", "Enter")
    assert "#" in on_page.frame.input_value("#link-text")


def test_shortcuts_step_without_tabbing_anywhere(visit):
    """Outside of all controls: arrows, Home, End, Escape and the space bar."""
    on_page = visit("reber")
    press = on_page.page.keyboard.press
    length = len(on_page.string)
    for key, position in (("End", length), ("ArrowLeft", length - 1), ("Home", 0), ("ArrowRight", 1)):
        press(key)
        assert on_page.position == position, key
    on_page.click("#parts tr[data-part='eraser'] td", 3)
    press("Escape")
    assert on_page.ask("return document.querySelectorAll('#parts .picked').length") == 0
    press(" ")
    on_page.until("window.lstmc.position() > 2")
    press(" ")
    stopped = on_page.position
    on_page.page.wait_for_timeout(1500)
    assert on_page.position == stopped
