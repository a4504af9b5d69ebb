"""What a grammar or a plugin of one's own begins with."""

import re
from collections.abc import Mapping
from pathlib import Path

from lstmc.errors import InputError, UsageError
from lstmc.extensions import extensions
from lstmc.files import write_all
from lstmc.grammar.catalogue import GROUP, load_nets
from lstmc.grammar.grammar import Grammar
from lstmc.grammar.nets import Nets
from lstmc.grammar.schema import SCHEMA_FILE
from lstmc.grammar.write import grammar_to_yaml
from lstmc.names import FITTING, fitting, is_name
from lstmc.shipped import shipped

TEMPLATES = Path(__file__).parents[1] / "templates"
SCHEMA_LINE = f"# yaml-language-server: $schema={SCHEMA_FILE.name}\n"  # editors read it, for all who have the two files


def new_grammar(
    name: str,
    folder: Path,
    source: str | None = None,
    parameters: Mapping[str, str] | None = None,
    format: str | None = None,
) -> list[Path]:
    """Write NAME.yaml, and the schema beside it where it is not there yet; the files that were written.

    source, parameters, format   a grammar to begin with, as `load_grammar` takes it; a small one unless given

    Raises UsageError for a name that no grammar can have, InputError where the file is there already or cannot be
    written, and what `load_grammar` raises.
    """
    if not is_name(name):
        raise UsageError(f"'{name}' cannot be the name of a grammar", _fitting(name))
    schema = folder / SCHEMA_FILE.name
    files = {folder / f"{name}.yaml": _text(name, source, parameters or {}, format).encode()}
    return _write(files if schema.exists() else files | {schema: SCHEMA_FILE.read_bytes()})


def new_plugin(name: str, folder: Path) -> list[Path]:
    """Write the folder NAME with a package that brings a grammar of that name; the files that were written.

    Raises UsageError for a name that no plugin can have, or that is taken; InputError where the folder is there
    already or cannot be written.
    """
    if not is_name(name):
        raise UsageError(f"'{name}' cannot be the name of a plugin", _fitting(name))
    if name in shipped() or name in {each.name for each in extensions(GROUP)}:
        raise UsageError(f"there is a grammar '{name}' already", "choose a name that `lstmc list` does not show")
    if (folder / name).exists():
        raise InputError(f"{folder / name} is there already", "choose another name, or another folder")
    module = "lstmc_" + re.sub("[^a-z0-9_]", "_", name.casefold())
    words = {"NAME": name, "MODULE": module, "PACKAGE": module.replace("_", "-").strip("-")}
    template = TEMPLATES / "plugin"
    found = sorted(path for path in template.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    paths = {file: _filled(file.relative_to(template).as_posix(), words) for file in found}
    return _write(
        {folder / name / path: _filled(file.read_text("utf-8"), words).encode() for file, path in paths.items()}
    )


def _text(name: str, source: str | None, parameters: Mapping[str, str], format: str | None) -> str:
    """The text of the grammar file; that of a shipped one with its comments."""
    if source is not None and (source not in shipped() or parameters or format):
        begun = load_nets(source, parameters, format)
        if isinstance(begun, Nets):
            raise UsageError(
                f"'{source}' calls nets, and a new grammar begins with one graph", f"copy it to {name}.yaml"
            )
        return SCHEMA_LINE + grammar_to_yaml(Grammar.from_graph(begun.graph, name))
    file = TEMPLATES / "grammar.yaml" if source is None else shipped()[source]
    text = re.sub(r"^# yaml-language-server: .*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
    return SCHEMA_LINE + re.sub(r"^name: .*$", f"name: {name}", text, flags=re.MULTILINE)


def _filled(text: str, words: Mapping[str, str]) -> str:
    return re.sub("|".join(words), lambda word: words[word[0]], text)


def _fitting(name: str) -> str:
    return f"{FITTING}; for example {fitting(name) or 'my-grammar'}"


def _write(files: Mapping[Path, bytes]) -> list[Path]:
    """Write all the files, or none where one is there already."""
    for file in files:
        if file.exists() or file.is_symlink():
            raise InputError(f"{file} is there already", "choose another name, or move it away")
    write_all(files)
    return list(files)
