"""The directive `python-reference`: the docstrings of some names of a module, or of all that it makes public.

```{python-reference} lstmc
load_grammar
Grammar
```
"""

import inspect
from importlib import import_module
from types import ModuleType
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("python-reference", PythonReference)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


class PythonReference(SphinxDirective):
    """Takes a module and, line by line, names in it; without names, the module's own docstring and all its names."""

    required_arguments: ClassVar[int] = 1
    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()  # the docstrings may change while the page does not
        module = import_module(self.arguments[0])
        whole = [f".. automodule:: {module.__name__}"]
        chosen = [entry(module, name) for name in self.content if name]
        entries = chosen or whole + [entry(module, name) for name in public(module)]
        return self.parse_text_to_nodes("```{eval-rst}\n" + "\n\n".join(entries) + "\n```")


def public(module: ModuleType) -> list[str]:
    """The names that a module makes public: its `__all__`, or else what it defines."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return list(listed)
    own = {name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__}
    return [name for name in vars(module) if name in own and not name.startswith("_")]


def entry(module: ModuleType, name: str) -> str:
    """The directive of autodoc that documents a name."""
    found = getattr(module, name)
    if inspect.isclass(found):
        kind = "autoexception" if issubclass(found, Exception) else "autoclass"
        return f".. {kind}:: {module.__name__}.{name}\n   :members:"
    return f".. {'autofunction' if callable(found) else 'autodata'}:: {module.__name__}.{name}"
