"""Four symbols and more that follow each other are written as a range."""

from lstmc.ranges import in_short, ranges


def test_what_follows_each_other_is_one():
    assert in_short("_abcdexyz") == ["_", "a–e", "x", "y", "z"]
    assert in_short([*"0123456789", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "_", *"abcdefghijklmnopqrstuvwxyz"]) == [
        "0–9",
        "A–Z",
        "_",
        "a–z",
    ]
    assert in_short("abcd", lambda symbol: f"'{symbol}'") == ["'a'–'d'"]


def test_what_does_not_stays_by_itself():
    for symbols in ("abc", "dcba", "acegi", "789:;", "XYZ[", "αβγδ", ["ab", "ac", "ad", "ae"], [*"abc", "d."], ""):
        assert in_short(symbols) == [*symbols]


def test_ranges_hold_every_symbol_once_in_order():
    for symbols in ("0123abcdeABCD", "abcxyz", "a0b1c2", ["s1", "s2", *"pqrst", "s3"]):
        assert [symbol for run in ranges(symbols) for symbol in run] == [*symbols]
