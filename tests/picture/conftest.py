"""The page's modules that need no browser, run by Node.js."""

import json
import shutil
from functools import cache

import pytest
from page_modules import run_script, write_modules

import lstmc
from lstmc.export import Package
from lstmc.export.exporters import exporter
from lstmc.picture.page_data import page_data


@cache
def network(grammar, options):
    """The module of a network, and what page.py says of it."""
    loaded = lstmc.load_grammar(grammar)
    found = lstmc.compile(loaded, **dict(options))
    exported = exporter("javascript").write(Package(found)).decode("ascii")
    return exported, json.dumps(page_data(found, loaded, None).page)


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """What a script returns that finds each module by its name, a network as `net`, and what page.py says as `data`."""
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    folder = tmp_path_factory.mktemp("modules")
    write_modules(folder)

    def run(script, grammar="reber", **options):
        return run_script(folder, script, *network(grammar, tuple(options.items())))

    return run
