"""One browser for each process that tests, and a page of every network once."""

import pytest
from subjects import illustration
from visits import Visit, started_browser


@pytest.fixture(scope="session")
def browser():
    with started_browser() as found:
        yield found


@pytest.fixture(scope="session")
def pages(tmp_path_factory):
    """The file of an illustration: of one of the subjects by name, or of a text."""
    folder = tmp_path_factory.mktemp("pages")

    def page(name, text=None, embed=False):
        file = folder / f"{name}{'-embed' if embed else ''}.html"
        if text or not file.exists():  # two tests may call their texts the same
            file.write_text(text or illustration(name, embed), "utf-8")
        return file

    return page


@pytest.fixture
def visit(browser, pages):
    """Opens a page: visit("reber", "#…", width=320). At the end none may have done what it should not."""
    visits = []

    def begin(name, after="", text=None, embed=False, **window):
        visits.append(Visit(browser, pages(name, text, embed), after, **window))
        return visits[-1]

    yield begin
    for each in visits:
        each.close()
    assert [fault for each in visits for fault in each.faults] == []
