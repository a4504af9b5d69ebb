import itertools
import re

import pytest
from grammar_oracle import minimal_size, words

from lstmc_tomita import tomita


def no_odd_zeros_after_odd_ones(word):
    runs = [(letter, len(list(run))) for letter, run in itertools.groupby(word)]
    odd_ones = [place for place, (letter, length) in enumerate(runs) if letter == "1" and length % 2]
    odd_zeros = [place for place, (letter, length) in enumerate(runs) if letter == "0" and length % 2]
    return not odd_ones or not odd_zeros or min(odd_ones) > max(odd_zeros)


TOMITA = {
    1: lambda word: "0" not in word,
    2: lambda word: word == "10" * (len(word) // 2),
    3: no_odd_zeros_after_odd_ones,
    4: lambda word: "000" not in word,
    5: lambda word: word.count("0") % 2 == word.count("1") % 2 == 0,
    6: lambda word: (word.count("0") - word.count("1")) % 3 == 0,
    7: lambda word: re.fullmatch("0*1*0*1*", word) is not None,
}
SIZES = {1: 2, 2: 3, 3: 5, 4: 4, 5: 4, 6: 3, 7: 5}


@pytest.mark.parametrize("number", TOMITA)
def test_languages_and_sizes(number):
    graph = tomita(number=number)
    every = {word for length in range(11) for word in itertools.product("01", repeat=length)}
    assert words(graph, 10) == {word for word in every if TOMITA[number]("".join(word))}
    assert minimal_size(graph) == SIZES[number]


def test_the_third_as_the_literature_writes_its_complement():
    complement = re.compile("((0|1)*0)*1(11)*(0(0|1)*1)*0(00)*(1(0|1)*)*")
    every = {word for length in range(11) for word in itertools.product("01", repeat=length)}
    assert words(tomita(number=3), 10) == {word for word in every if not complement.fullmatch("".join(word))}
