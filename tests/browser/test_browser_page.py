"""The page as a whole: small, still where stillness is asked for, and a good guest in another page."""

from subjects import illustration

MOST = 300_000  # bytes of the page for Reber


def test_the_page_is_small():
    assert len(illustration("reber").encode()) < MOST
    assert len(illustration("reber", embed=True).encode()) < MOST


MOVING = "return document.querySelectorAll('#graph .mover').length + document.getAnimations().length"


def test_nothing_moves_where_stillness_is_asked_for(visit):
    for motion, moves in (("no-preference", True), ("reduce", False)):
        on_page = visit("reber", reduced_motion=motion)
        on_page.type("BTSSX")
        on_page.go(0)
        on_page.click("#step")
        assert (on_page.ask(MOVING) > 0) == moves


HOST = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A post</title>
<style>body {{ margin: 8px; font: 20px/1.5 serif; color: #222; background: #fff }} table {{ border: 9px solid red }}
button {{ transform: rotate(180deg) }} #step {{ display: none }}</style></head>
<body><h1>A post</h1><p>Before it.</p>{}<p id="step">After it.</p></body></html>"""
OF_THE_HOST = """
const styles = [...document.querySelectorAll("body, h1, p")].map((element) => {
  const { font, color, margin, background } = getComputedStyle(element);
  return [element.tagName, font, color, margin, background];
});
const names = Object.keys(window).filter((key) => !/^[0-9]+$/.test(key)); // a number is a frame
return [names, styles];
"""


def test_embedded_it_is_a_good_guest(visit):
    """In a post with styles of its own: it works, and neither takes nor gives styles or names. Two fit on one page."""
    page = HOST.format(illustration("reber", embed=True) + illustration("edges", embed=True))
    on_page = visit("post", text=page, width=900)
    edges = on_page.page.frames[2]
    on_page.type("BTSSX")
    on_page.go(3)
    assert on_page.position == 3
    assert on_page.lit() == {"1"}
    on_page.click("#step")
    assert on_page.position == 4
    assert edges.evaluate("window.lstmc.string()") != "BTSSX"
    assert on_page.faults_of_access() == []
    on_page.frame = on_page.page.main_frame
    bare = visit("bare", text=HOST.format("<script>window.lstmc = { ready: true }</script>"), width=900)
    keys, styles = on_page.ask(OF_THE_HOST)
    keys_before, styles_before = bare.ask(OF_THE_HOST)
    assert set(keys) <= set(keys_before)
    assert styles == styles_before
    assert on_page.faults_of_access() == []
    width, window = on_page.wide()
    assert width <= window
