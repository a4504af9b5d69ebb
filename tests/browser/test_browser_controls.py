"""Every control does what it says, and nothing else."""

from dataclasses import replace

import pytest
from subjects import illustration, subject

from lstmc.picture.page import illustrate

CELL = "#parts tr[data-part='{}'] td"
WHERE = """const { activeElement: here } = document, row = here.closest("tr");
return row && document.querySelector("#parts").contains(here) ? [row.dataset.part,
    [...row.children].indexOf(here)] : null;"""


def test_arrows_go_from_number_to_number(visit):
    """To the ends and no further; one number at a time is where the Tab key stops."""
    on_page = visit("reber")
    on_page.type("BT")
    on_page.go(2)
    press = on_page.page.keyboard.press
    on_page.frame.locator("#parts th[tabindex='0']").focus()
    walk = [("ArrowRight", ("input", 1)), ("ArrowDown", ("memory before", 1)), ("End", ("memory before", 11))]
    walk += [("ArrowRight", ("memory before", 11)), ("ArrowUp", ("input", 8)), ("ArrowUp", ("input", 8))]
    walk += [
        ("Home", ("input", 0)),
        ("ArrowLeft", ("input", 0)),
        ("ArrowLeft", ("input", 0)),
        ("ArrowRight", ("input", 1)),
    ]
    walk += [*[("ArrowDown", None)] * 14, ("ArrowDown", ("selection", 1)), ("ArrowLeft", ("selection", 0))]
    for key, place in walk:
        press(key)
        assert place is None or on_page.ask(WHERE) == list(place), key
        assert on_page.frame.locator("#parts [tabindex='0']").count() == 1
    position = on_page.position
    for keys in ("Control+ArrowUp", "Alt+ArrowUp", "Meta+ArrowUp", "x"):
        press(keys)
        assert on_page.ask(WHERE) == ["selection", 0], keys
    press("Shift+ArrowLeft")
    assert on_page.position == position - 1
    assert on_page.ask(WHERE) == ["selection", 0]
    for key in ("Enter", "Space"):
        press(key)
        picked = on_page.frame.locator("#parts th.picked").count()
        assert picked == (key == "Enter")
    press("ArrowUp")
    press("ArrowRight")
    press("Space")
    assert on_page.frame.locator(CELL.format("prediction") + ".picked").count() == 1
    assert on_page.position == position - 1


def test_arrows_go_from_rule_to_rule(visit):
    on_page = visit("reber")
    on_page.type("BT")
    on_page.go(2)
    press = on_page.page.keyboard.press
    rule = "return [...document.querySelectorAll('#graph [data-rule]')].indexOf(document.activeElement)"
    count = on_page.frame.locator("#graph [data-rule]").count()
    on_page.frame.locator("#graph [data-rule]").first.focus()
    moves = {"ArrowRight": 1, "ArrowDown": 2, "ArrowLeft": 1, "ArrowUp": 0}
    for key, expected in [*moves.items(), ("ArrowUp", count - 1), ("ArrowRight", 0), ("x", 0), ("ArrowRight", 1)]:
        press(key)
        assert on_page.ask(rule) == expected, key
        assert on_page.frame.locator("#graph [tabindex='0']").count() == 1
    for key, picked in (("Enter", 1), ("Space", 0), ("Space", 1), ("Escape", 0)):
        press(key)
        assert on_page.frame.locator("#graph .picked[data-rule]").count() == picked, key
    before = on_page.position
    press("Shift+ArrowLeft")
    assert (on_page.position, on_page.ask(rule)) == (before - 1, 1)
    press("Home")
    assert on_page.position == before - 1
    assert before == 2


@pytest.mark.parametrize(
    ("focus", "key", "position"),
    [
        *(("body", key, position) for key, position in (("ArrowRight", 3), ("ArrowLeft", 1), ("Home", 0), ("End", 4))),
        *(("body", f"{held}+ArrowRight", 2) for held in ("Control", "Alt", "Meta")),
        ("body", "Shift+ArrowRight", 3),
        *(("#tape-input", key, 2) for key in ("ArrowLeft", "Home", "End")),
        *(("#detail", key, 2) for key in ("Home", "x")),
        ("#keep-writing", "ArrowRight", 3),
        ("#keep-writing", "Home", 0),
        ("#step", "ArrowLeft", 1),
        ("#step", "Space", 3),
        ("#back", "Space", 1),
        ("[aria-label='the symbols of the string']", "ArrowRight", 2),
        ("[aria-label='the symbols of the string']", "Shift+ArrowRight", 3),
        ("summary", "Space", 2),
    ],
)
def test_keys_do_one_thing(long_visit, focus, key, position):
    on_page = long_visit
    on_page.type("BTXS")
    on_page.go(2)
    on_page.ask(
        "document.activeElement.blur(); if (argument !== 'body') document.querySelector(argument).focus()", focus
    )
    on_page.page.keyboard.press(key)
    assert on_page.position == position
    assert on_page.frame.inner_text("#play") == "Play"


@pytest.fixture(scope="module")
def long_visit(browser, pages):
    from visits import Visit

    found = Visit(browser, pages("reber"))
    yield found
    found.close()
    assert found.faults == []


def test_space_on_a_box_ticks_it(long_visit):
    on_page = long_visit
    on_page.type("BTXS")
    on_page.go(2)
    on_page.frame.locator("#keep-writing").focus()
    for ticked in (True, False):
        on_page.page.keyboard.press("Space")
        assert on_page.frame.locator("#keep-writing").is_checked() == ticked
        assert on_page.frame.inner_text("#play") == "Play"


def test_the_tape_is_clicked(visit):
    on_page = visit("reber")
    on_page.type("BTXS")
    for number in (3, 0, 4):
        on_page.click("#tape [data-position]", number)
        assert on_page.position == number
    on_page.frame.locator("#tape").dispatch_event("click")
    assert on_page.position == 4


def test_playing_goes_on_to_the_end_and_begins_again(visit):
    on_page = visit("reber")
    on_page.type("BTXSE")
    on_page.set("#speed", "10")
    for _ in range(2):
        on_page.click("#play")
        assert on_page.frame.inner_text("#play") == "Pause"
        assert on_page.frame.get_attribute("#play", "aria-pressed") == "true"
        on_page.until("document.querySelector('#play').textContent === 'Play'")
        assert on_page.position == 5
    assert on_page.frame.get_attribute("#play", "aria-pressed") == "false"
    on_page.set("#keep-writing", True)
    strings = set()
    for seed in ("3", "3", "4", "5", "6", "7", ""):
        on_page.frame.fill("#choose-seed", seed)
        on_page.type("")
        on_page.click("#play")
        on_page.until("document.querySelector('#tape .ended')")
        assert subject("reber").network.accepts(on_page.string)
        strings.add((seed, on_page.string))
    assert len({seed for seed, _ in strings}) == len(strings)  # the same seed, the same string
    assert len({string for _, string in strings}) > 2
    on_page.click("#back")
    assert on_page.frame.locator("#tape .ended").count() == 0


def test_a_strange_symbol_a_dead_end_and_a_string_that_is_too_long_are_told(visit):
    on_page = visit("reber")
    on_page.type("BTQS")
    assert on_page.frame.inner_text("#tape-problem") == "Symbol 3, 'Q', is not in the alphabet."
    assert on_page.frame.get_attribute("#tape-input", "aria-invalid") == "true"
    assert on_page.frame.input_value("#tape-input") == "BTQS"
    on_page.go(1)
    assert on_page.frame.inner_text("#tape-problem") == ""
    assert on_page.frame.input_value("#tape-input") == "BT"
    assert on_page.frame.get_attribute("#tape-input", "aria-invalid") == "false"
    on_page.type("BB")
    assert on_page.frame.inner_text("#tape-problem") == ""
    on_page.go(2)
    on_page.click("#choose")
    assert on_page.frame.inner_text("#live") == "Nothing may come next here."
    on_page.ask("""document.querySelector("#tape-input").value = "B".repeat(200001);
      document.querySelector("#tape-input").dispatchEvent(new Event("input"));""")
    assert on_page.frame.inner_text("#tape-problem") == "Only the first 200000 symbols are read."
    assert len(on_page.string) == 200_000


def test_examples_and_files_are_read_from_their_beginning(visit):
    on_page = visit("reber")
    on_page.type("BT")
    on_page.set("#examples", "0.1.3.2.6")
    assert (on_page.string, on_page.position) == ("BTXSE", 0)
    on_page.set("#examples", "none")
    assert on_page.string == "BTXSE"
    on_page.type("BT")
    lines = ["BTXSE", "", "  ", "BPVVE", *["BT"] * 600]
    file = {"name": "mine.txt", "mimeType": "text/plain", "buffer": "\r\n".join(lines).encode()}
    on_page.frame.set_input_files("#file", file)
    on_page.until("window.lstmc.string() === 'BTXSE'")
    assert on_page.position == 0
    group = on_page.frame.locator("#examples [data-file]")
    assert group.get_attribute("label") == "from mine.txt"
    assert group.locator("option").count() == 500
    on_page.set("#examples", "text:BPVVE")
    assert (on_page.string, on_page.position) == ("BPVVE", 0)
    on_page.frame.set_input_files("#file", {**file, "name": "none.txt", "buffer": b"\n"})
    on_page.until("document.querySelector('#examples [data-file]').label === 'from none.txt'")
    assert on_page.frame.locator("#examples [data-file]").count() == 1
    assert on_page.string == "BPVVE"
    on_page.frame.set_input_files("#file", [])
    on_page.ask("""const data = new DataTransfer(); data.items.add(new File(["BTSXSE"], "dropped.txt"));
      const tell = (name) => { const event = new DragEvent(name, { bubbles: true, cancelable: true,
          dataTransfer: data });
        document.body.dispatchEvent(event); return [event.defaultPrevented,
            document.querySelector("#drop").className]; };
      window.told = ["dragover", "dragleave", "dragover", "drop"].map(tell);""")
    over, away, _, dropped = on_page.ask("return window.told")
    assert over == [True, "file over"]
    assert away[1] == dropped[1] == "file"
    assert dropped[0]
    on_page.until("window.lstmc.string() === 'BTSXSE'")


def test_the_long_loop_runs_as_often_as_one_says(visit):
    on_page = visit("reber")
    assert on_page.frame.inner_text("#lab-loop-text") == "BT then S"
    for times, length in (("7", 9), ("0", 3), ("", 3), ("2.9", 4), ("99999", 20_002)):
        on_page.ask("document.querySelector('#lab-times').value = argument", times)
        on_page.click("#lab-run")
        assert len(on_page.string) == on_page.position == length, times
    on_page.set("#lab-gain", "50")
    on_page.ask("document.querySelector('#lab-times').value = 500")
    on_page.click("#lab-run")
    assert 2 < on_page.position < 502
    assert on_page.frame.locator("#tape [data-first-wrong][aria-current]").count() == 1


def test_the_lab_says_what_it_does_and_undoes_it(visit):
    on_page = visit("reber")
    said = []
    steps = (("#lab-gain", "90"), ("#lab-gain", "37"), ("#lab-noise", "12"), ("#lab-format", "int8"))
    for control, value in steps:
        on_page.set(control, value)
        gain, noise = (on_page.frame.inner_text(f"#lab-{name}-value") for name in ("gain", "noise"))
        assert on_page.frame.get_attribute("#lab-gain", "aria-valuetext") == gain
        assert on_page.frame.get_attribute("#lab-noise", "aria-valuetext") == noise
        said.append((gain, noise))
        assert on_page.ask("return document.documentElement.classList.contains('damaged')")
    assert said == [("128 (50 %)", "none"), ("3.25 (1.3 %)", "none"), *[("3.25 (1.3 %)", "12 % of each weight")] * 2]
    noisy = on_page.ask("return exactly(window.lstmc.state())")
    on_page.set("#lab-random", "2")
    assert on_page.ask("return exactly(window.lstmc.state())") != noisy
    on_page.set("#lab-random", "1")
    assert on_page.ask("return exactly(window.lstmc.state())") == noisy
    on_page.click("#lab-mend")
    assert on_page.frame.inner_text("#lab-gain-value") == "256 (as compiled)"
    assert on_page.frame.inner_text("#lab-noise-value") == "none"
    values = "return ['gain', 'noise', 'random', 'format'].map((name) => document.querySelector(`#lab-${name}`).value)"
    assert on_page.ask(values) == ["100", "0", "1", ""]
    assert not on_page.ask("return document.documentElement.classList.contains('damaged')")
    on_page.set("#lab-seed", True)
    assert "by hand" in on_page.frame.inner_text("#verdict")


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("", ["100", "0", "1", "", False]),
        ("&gain=60", ["60", "0", "1", "", False]),
        ("&gain=x&noise=y&random=z&format=q&toy=2", ["100", "0", "1", "", False]),
        ("&noise=30&random=9&format=float16", ["100", "30", "9", "float16", False]),
        ("&toy=1", ["100", "0", "1", "", True]),
    ],
)
def test_a_link_brings_damage_back(visit, link, found):
    on_page = visit("reber", f"#g=reber&s=BTX&p=2{link}")
    assert (on_page.string, on_page.position) == ("BTX", 2)
    controls = "['gain', 'noise', 'random', 'format'].map((name) => document.querySelector(`#lab-${name}`).value)"
    assert on_page.ask(f"return [...{controls}, document.querySelector('#lab-seed').checked]") == found
    on_page.click("#link")
    text = on_page.frame.input_value("#link-text")
    kept = [part for part in link.split("&") if (part and found[0] + found[1] + found[3] != "1000") or found[4]]
    assert text.endswith(f"#g=reber&s=BTX&p=2{''.join(f'&{part}' for part in kept if part)}")
    assert on_page.page.url == text
    assert on_page.frame.is_visible("#link-text")
    on_page.until("document.querySelector('#live').textContent.includes('link')")


def test_colours_go_round(visit):
    on_page = visit("reber")
    seen = []
    for _ in range(3):
        on_page.click("#theme")
        seen.append((on_page.frame.inner_text("#theme"), on_page.ask("return document.documentElement.dataset.theme")))
    assert seen == [(f"Colours: {theme}", theme) for theme in ("light", "dark", "auto")]


def test_a_frame_is_as_high_as_what_it_shows(visit):
    host = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>A post</title><body>{}</body></html>"
    on_page = visit("tall", text=host.format(illustration("reber", embed=True)))
    body = "document.body.scrollHeight"
    on_page.until(f"Math.abs(frameElement.clientHeight - {body}) <= 3 && {body} > 500")
    alone = visit("reber")
    assert alone.ask("return document.documentElement.classList.contains('embed')") is False


def test_in_a_frame_that_may_not_look_around_it_works_all_the_same(visit):
    """Of another origin: neither the address around nor the height of the frame can be touched."""
    host = "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>A post</title><body>{}</body></html>"
    frame = illustration("reber", embed=True).replace("<iframe ", '<iframe sandbox="allow-scripts" ')
    on_page = visit("shut", text=host.format(frame))
    on_page.type("BTX")
    on_page.click("#link")
    assert on_page.frame.input_value("#link-text") == "about:srcdoc#g=reber&s=BTX&p=0"
    assert "#" not in on_page.page.url


def test_the_verdicts_are_those_of_the_certificate(visit):
    on_page = visit("reber")
    rows = on_page.ask("""return [...document.querySelectorAll("#verdicts tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent).concat(row.querySelector(".verdict").className))""")
    verdicts = subject("reber").certificate.verdicts
    assert [row[0] for row in rows] == list(verdicts)
    for (_, kind, detail, margin, shown), verdict in zip(rows, verdicts.values(), strict=True):
        assert kind == verdict.kind.replace("-", " ")
        assert shown == f"verdict {verdict.kind}"
        assert bool(detail) == (verdict.kind != "every-length")
        assert bool(margin) == (verdict.margin is not None)
    smallest = on_page.frame.inner_text("#margin")
    assert smallest.startswith("Smallest margin so far: ")
    (proved,) = (margin for contract, _, _, margin, _ in rows if contract == subject("reber").network.header.dtype)
    assert smallest.endswith(f"; proved never to be below {proved}")
    assert rows[0][3] != proved
    on_page.set("#lab-gain", "99")
    assert "proved" not in on_page.frame.inner_text("#margin")
    bare = visit("bare", text=illustrate(subject("reber").network, subject("reber").grammar))
    assert "proved" not in bare.frame.inner_text("#margin").replace("Smallest", "")


@pytest.mark.parametrize(
    ("slider", "said", "kind"),
    [
        ({}, "Proved under the contract float32: right on strings of every length.", "every-length"),
        ({"#lab-gain": "90"}, "Damaged: nothing is proved for what runs now.", "refused"),
        ({"#lab-noise": "1"}, "Damaged: nothing is proved for what runs now.", "refused"),
        ({"#lab-format": "float16"}, "under the contract float16", None),
        ({"#lab-format": "int8"}, "under the contract int8-weights", None),
        ({"#lab-seed": True, "#lab-gain": "90"}, "made by hand, and no proof holds for them", "refused"),
    ],
)
def test_the_truth_is_told_of_what_runs(long_visit, slider, said, kind):
    on_page = long_visit
    on_page.click("#lab-mend")
    for control, value in slider.items():
        on_page.set(control, value)
    assert said in on_page.frame.inner_text("#verdict")
    assert kind is None or on_page.frame.get_attribute("#verdict", "class") == f"verdict {kind}"
    on_page.click("#lab-mend")
    on_page.set("#lab-seed", False)


def test_what_is_not_there_is_not_offered(visit):
    """No seed network but for Reber, no whole graph where it is whole, no loop where there is none."""
    shown = (
        "return ['#lab-seed', '#whole-graph', '#lab-loop', '#no-graph', '#proofs'].map((id) => "
        "document.querySelector(id).getBoundingClientRect().height > 0)"
    )
    assert visit("reber").ask(shown) == [True, False, True, False, True]
    assert visit("edges").ask(shown) == [False, False, True, False, True]
    assert visit("large").ask(shown) == [False, True, True, False, True]


def test_a_seed_network_that_is_not_there_is_not_chosen_by_a_link(visit):
    on_page = visit("edges", "#g=edge-detector&s=01&p=1&toy=1")
    assert (on_page.string, on_page.position) == ("01", 1)
    assert on_page.ask("return document.querySelector('#lab-seed').checked") is False
    assert on_page.frame.inner_text("#verdict").startswith("Proved")


@pytest.mark.parametrize(
    ("symbol", "said"),
    [("P", "⚠ Wrong before the first symbol"), ("B", "⚠ First wrong prediction: after symbol 1")],
)
def test_it_is_said_where_the_first_prediction_goes_wrong(visit, symbol, said):
    """The symbol seems to be allowed everywhere."""
    network, grammar = subject("reber").network, subject("reber").grammar
    bias = network.tensors["reader.bias"].copy()
    bias[network.alphabet.index(symbol)] += 1000
    wrong = replace(network, tensors={**network.tensors, "reader.bias": bias})
    on_page = visit("wrong", text=illustrate(wrong, grammar))
    assert on_page.frame.inner_text("#first-wrong") == said
    on_page.go(5)
    on_page.click("#first-wrong")
    assert on_page.position == (symbol == "B")


def test_where_columns_come_and_go_the_tab_key_stops_at_what_is_picked(visit):
    on_page = visit("large")
    on_page.type("abab")
    on_page.go(2)
    columns = on_page.frame.locator("#parts [data-column]").count()
    on_page.click(CELL.format("readout"), 1)  # which reads cells that are not shown
    assert on_page.frame.locator("#parts [data-column]").count() > columns
    assert on_page.ask(
        """return [...document.querySelectorAll("#parts [tabindex='0']")].map((each) => each.className)"""
    ) == [on_page.frame.locator("#parts td.picked").get_attribute("class")]
