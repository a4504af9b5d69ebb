"""Names that would break out of a page are text on it, and run nothing."""

from dataclasses import replace

import pytest
from subjects import HOSTILE, LONG, hostile

from lstmc.picture.page import illustrate

HACKED = "return [window.hacked, document.querySelectorAll('img, svg[onload], [onmouseover], [onload]').length]"
KNOWN = "return [...document.querySelectorAll(`#alphabet [data-symbol]`)].map((button) => button.dataset.symbol)"


@pytest.fixture(scope="module", params=["html", "embed"])
def page(request):
    found = hostile()
    header = replace(found.network.header, name=HOSTILE[0] + HOSTILE[1] + HOSTILE[4])
    named = replace(found.network, header=header)
    embed = request.param == "embed"
    return f"hostile-{request.param}", illustrate(named, found.grammar, found.certificate, embed=embed)


def test_hostile_names_are_text(visit, page):
    """Every name is walked over, picked and looked at, as a symbol, a state, an output, a rule and a cell."""
    name, text = page
    on_page = visit(name, text=text, width=600)
    alphabet = on_page.ask(KNOWN)
    assert sorted(alphabet) == sorted(HOSTILE)
    on_page.type("")
    for number, symbol in enumerate(HOSTILE):
        assert on_page.allowed() == {symbol}
        on_page.click("#alphabet [data-symbol]", alphabet.index(symbol))
        following = HOSTILE[(number + 1) % len(HOSTILE)]
        assert on_page.lit() == {following}
        assert on_page.position == number + 1
        for picked in ("#parts tr[data-part='write filter'] td", "#parts tr[data-part='output'] td", "#parts tr td"):
            on_page.click(picked, number)
        on_page.click("#graph [data-rule]", number)
    on_page.click("#link")
    hacked, elements = on_page.ask(HACKED)
    assert hacked is None
    assert elements == 0
    visible = on_page.frame.inner_text("body")
    assert "<svg/onload=alert(1)>" in visible
    assert "{{}}" in visible
    assert not any(character in visible for character in "\u202e\u200f\u2028")
    assert len(visible) < 40 * len(LONG)
    width, window = on_page.wide()
    assert width <= window


def test_a_hostile_link_and_a_hostile_string_do_nothing(visit, page):
    name, text = page
    on_page = visit(name, text=text)
    link = on_page.page.url
    for after in ("#g=</script><img src=x onerror=alert(1)>", "#g=hostile&n=0.1.99.x&p=-1", "#%", "#g=%FF&s=%00&p=1e9"):
        other = visit(name, after, text=text)
        assert 0 <= other.position <= len(other.string)
    on_page.type('<img src=x onerror="window.hacked=1"> </script>')
    assert on_page.ask(HACKED) == [None, 0]
    assert on_page.page.url.split("#")[0] == link.split("#")[0]
