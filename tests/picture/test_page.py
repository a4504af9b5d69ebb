"""The illustration: one file, which needs nothing else and runs nothing else."""

import json
import re

import pytest

import lstmc
from lstmc.picture import illustrate

KILOBYTE = 1000
CASES = {
    "reber": ("reber", {}),
    "toy": ("reber", {"cell": "toy"}),
    "smallest": ("reber", {"level": 2, "dtype": "float64"}),
    "nested": ("nested-3", {}),
    "nondeterministic": ("third-from-end", {}),
    "transducer": ("edge-detector", {"cell": "toy"}),
    "moore": ("remainder-3", {}),
    "endless": ("continual-reber", {}),
    "unknown-start": ("reber-unknown-start", {}),
}


def made(name, **options):
    grammar = lstmc.load_grammar(name)
    return (*reversed(lstmc.compile_proved(grammar, **options)), grammar)


def page_of(name, **options):
    certificate, network, grammar = made(name, **options)
    return illustrate(network, grammar, certificate)


def data_of(page):
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)[1])


def script_of(page):
    return re.search(r'<script type="module">(.*?)</script>', page, re.DOTALL)[1]


@pytest.mark.parametrize("case", CASES)
def test_the_page_is_one_small_file_that_names_no_other(case):
    name, options = CASES[case]
    page = page_of(name, **options)
    assert len(page.encode()) < (300 if case != "nested" else 600) * KILOBYTE
    addresses = set(re.findall(r"https?://[\w./-]+", page.replace("%3A//", "://").replace("%2F", "/")))
    assert addresses == {"http://www.w3.org/2000/svg"}  # the name of SVG, which nobody fetches
    assert not re.search(
        r"""(?:src|href|action)=["'](?!#|data:)|@import|url\(|import\(|fetch\(|XMLHttp|sendBeacon""", page
    )
    assert "${" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
