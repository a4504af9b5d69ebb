"""Plugins that work, and plugins that do not: made as installed packages in a folder on the path."""

import subprocess
import sys
from pathlib import Path

import pytest

from lstmc import LSTMC_API, extensions
from lstmc.errors import PluginError

GROUP = "lstmc.grammars"
WORKS = "import networkx as nx\nLSTMC_API = 1\ndef make():\n    return nx.MultiDiGraph()\n"


class Site:
    """A folder of installed packages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: set[str] = set()

    def install(self, package: str, entry_points: dict[str, str], modules: dict[str, str], group: str = GROUP) -> None:
        info = self.folder / f"{package}-2.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 2.5\n", "utf-8")
        lines = [f"[{group}]", *(f"{name} = {target}" for name, target in entry_points.items())]
        (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
        for name, text in modules.items():
            (self.folder / f"{name}.py").write_text(text, "utf-8")
            self.modules.add(name)


@pytest.fixture
def site(tmp_path, monkeypatch):
    site = Site(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield site
    for name in site.modules:
        sys.modules.pop(name, None)


def listed(name, group=GROUP, load=False):
    return [each for each in extensions.extensions(group, load) if each.name == name]


def test_a_plugin_is_found_but_not_imported_until_it_is_asked_for(site):
    site.install("far-away", {"far": "far_away:make"}, {"far_away": WORKS})
    (found,) = listed("far")
    assert (found.package, found.version, found.state, found.problem) == ("far-away", "2.5", "found", "")
    assert "far_away" not in sys.modules
    assert callable(extensions.load(GROUP, "far"))
    assert listed("far", load=True)[0].state == "loaded"


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("import no_such_module_anywhere", "ModuleNotFoundError: No module named 'no_such_module_anywhere'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("def broken(:", "SyntaxError: "),
        ("LSTMC_API = 1", "AttributeError: module 'bad' has no attribute 'make'"),
        ("LSTMC_API = 99\nmake = dict", "made for LSTMC_API 99; this lstmc offers 1"),
        ("make = dict", "module bad does not state LSTMC_API"),
    ],
)
def test_a_broken_plugin_gives_its_reason_and_disturbs_nothing_else(site, module, reason):
    site.install("bad-package", {"bad": "bad:make"}, {"bad": module})
    site.install("good-package", {"good": "good:make"}, {"good": WORKS})
    (bad,) = listed("bad", load=True)
    assert bad.state == "refused"
    assert reason in bad.problem
    with pytest.raises(PluginError) as caught:
        extensions.load(GROUP, "bad")
    assert caught.value.exit_code == 5
    assert reason in caught.value.message
    assert "bad-package 2.5" in caught.value.message
    assert listed("good", load=True)[0].state == "loaded"
    assert listed("embedded-reber", load=True)[0].state == "loaded"


def test_the_version_may_stand_in_a_package_above_the_module(site):
    package = site.folder / "above"
    package.mkdir()
    (package / "__init__.py").write_text(f"LSTMC_API = {LSTMC_API}\n", "utf-8")
    (package / "inner.py").write_text("make = dict\n", "utf-8")
    site.modules |= {"above", "above.inner"}
    site.install("above", {"inner": "above.inner:make"}, {})
    assert listed("inner", load=True)[0].state == "loaded"


@pytest.mark.parametrize("name", ["embedded-reber", "reber"])  # a plugin of ours, a file of ours
def test_a_foreign_plugin_cannot_shadow_ours(site, name):
    site.install("aaa-thief", {name: "thief:make"}, {"thief": WORKS})
    refused = [each for each in listed(name, load=True) if each.package == "aaa-thief"]
    assert [each.state for each in refused] == ["refused"]
    assert "is taken by" in refused[0].problem
    assert "thief" not in sys.modules
    if name == "embedded-reber":
        assert extensions.load(GROUP, name).__module__ == "lstmc_reber"


def test_of_two_foreign_plugins_of_one_name_the_first_package_has_it(site):
    site.install("b-second", {"twin": "second:make"}, {"second": WORKS})
    site.install("a-first", {"twin": "first:make"}, {"first": WORKS})
    first, second = listed("twin", load=True)
    assert (first.package, first.state) == ("a-first", "loaded")
    assert (second.package, second.state) == ("b-second", "refused")
    assert second.problem == "the name 'twin' is taken by package a-first"
    assert extensions.load(GROUP, "twin").__module__ == "first"


def test_a_name_stays_taken_when_its_plugin_is_broken(site):
    site.install("a-first", {"twin": "first:make"}, {"first": "raise ValueError('no')"})
    site.install("b-second", {"twin": "second:make"}, {"second": WORKS})
    with pytest.raises(PluginError, match=r"a-first 2\.5\) does not work: .*ValueError: no"):
        extensions.load(GROUP, "twin")


def test_a_name_that_no_file_could_bear_is_refused(site):
    site.install("odd", {"a/b": "odd:make"}, {"odd": WORKS})
    assert listed("a/b")[0].state == "refused"


def test_entry_points_that_cannot_be_read_are_one_packages_fault(site):
    site.install("torn", {}, {})
    (site.folder / "torn-2.5.dist-info" / "entry_points.txt").write_text(f"[{GROUP}]\nno equals sign\n", "utf-8")
    assert listed("torn")[0].state == "refused"
    assert listed("embedded-reber")[0].state == "found"


def test_a_package_without_metadata_still_counts(site):
    site.install("bare", {"far": "far_away:make"}, {"far_away": WORKS})
    (site.folder / "bare-2.5.dist-info" / "METADATA").unlink()
    (found,) = listed("far", load=True)
    assert (found.package, found.version, found.state) == ("unknown", "unknown", "loaded")


def test_a_package_found_twice_on_the_path_counts_once(site, tmp_path, monkeypatch):
    site.install("Far-Away", {"far": "far_away:make"}, {"far_away": WORKS})
    again = Site(tmp_path / "again")
    again.folder.mkdir()
    again.install("far_away", {"far": "far_away:make"}, {})
    monkeypatch.syspath_prepend(str(again.folder))
    assert [each.state for each in listed("far")] == ["found"]


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(PluginError) as caught:
        extensions.load(GROUP, "embeded-reber")
    assert caught.value.help == "did you mean 'embedded-reber'?"


def test_our_cells_come_in_by_the_same_door():
    assert {"lstm", "toy"} <= {each.name for each in extensions.extensions("lstmc.cells")}


def test_listing_imports_no_metadata_before_it_is_asked_for():
    code = "import sys, lstmc.extensions; sys.exit('importlib.metadata' in sys.modules or 'networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
