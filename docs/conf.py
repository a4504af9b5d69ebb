"""The documentation site: sphinx-build -W --keep-going -b html docs docs/_build

Pages are Markdown that reads well on a code host too. What the site has besides is made while it is built, by the
extensions in docs/_ext: a page for each diagnostic, the reference of the commands, pages of files outside docs/.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from lstmc.version import VERSION

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "lstmc"
author = "The lstmc developers"
copyright = author
release = version = VERSION

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "contents",
    "made_pages",
    "outside_links",
    "plain_docstrings",
    "command_reference",
    "python_reference",
]
exclude_patterns = ["_build", "jupyter_execute"]  # what is built; the notebook with its results

myst_heading_anchors = 4  # as on a code host: a page's headings can be linked to
# The notebook is stored without results; they are shown where it can run, and its last cells need PyTorch.
nb_execution_mode = "force" if find_spec("torch") else "off"
nb_execution_in_temp = nb_execution_raise_on_error = True
nb_execution_timeout = 120  # seconds for a cell

default_role = "literal"  # in docstrings, too, `name` is code
highlight_language = "text"  # indented lines are commands, formulas or drawings
suppress_warnings = ["misc.highlighting_failure"]  # wrong examples are wrong on purpose
smartquotes = False  # `--set` stays `--set`
autodoc_member_order = "bysource"

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_title = f"lstmc {VERSION}"
html_copy_source = html_show_sourcelink = False
html_last_updated_fmt = None  # the same pages give the same bytes
