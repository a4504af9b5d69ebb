"""The pages that are made of what the reader of grammar files goes by: its schema, and its diagnostics.

    python benchmarks/reference_pages.py            compares docs/reference/grammar-file.md and docs/diagnostics.md
    python benchmarks/reference_pages.py --write    writes them anew

What is made stands between two markers; everything around them is left alone.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from markers import with_text

from lstmc.grammar.codes import KINDS
from lstmc.grammar.schema import schema

DOCS = Path(__file__).parent.parent / "docs"
EXPLANATIONS = "../compiler/lstmc/grammar/explanations"

Schema = dict[str, Any]
SECTIONS = {
    "A grammar": ("written",),
    "A graph": ("written", "graph"),
    "A net": ("net",),
    "A node": ("node",),
    "An edge": ("edge",),
    "A plugin's grammar": ("made",),
}
VALUES = {"A text": "text", "A probability": "probability", "A name": "name"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the pages anew")
    options = parser.parse_args()
    stale = {page: text for page, text in made().items() if page.read_text(encoding="utf-8") != text}
    for page, text in stale.items():
        if options.write:
            page.write_text(text, encoding="utf-8")
        else:
            print(f"{page} is not what is made: run {sys.argv[0]} --write", file=sys.stderr)
    return 1 if stale and not options.write else 0


def made() -> dict[Path, str]:
    """Each page, with what is made of it today."""
    parts = {DOCS / "reference" / "grammar-file.md": keys(), DOCS / "diagnostics.md": diagnostics()}
    return {page: with_text(page.read_text(encoding="utf-8"), "made", part) for page, part in parts.items()}


def diagnostics() -> str:
    """The table of codes, each with its explanation."""
    rows = [
        f"| [{each.code}]({EXPLANATIONS}/{each.code}.md) | {each.severity} | {each.title} |" for each in KINDS.values()
    ]
    return "\n".join(["| code | | problem |", "|---|---|---|", *rows]) + "\n"


def keys() -> str:
    """Every key of a grammar file, and the kinds of values."""
    mappings = [section(title, part_at(*path)) for title, path in SECTIONS.items()]
    return "\n".join([*mappings, *(value(title, part_at(name)) for title, name in VALUES.items())])


def part_at(name: str, key: str = "") -> Schema:
    found: Schema = schema()["definitions"][name]
    return found["properties"][key] if key else found


def section(title: str, part: Schema) -> str:
    """One kind of mapping: what it is, its keys, an example."""
    rows = [row(name, key, name in part.get("required", ())) for name, key in part["properties"].items()]
    table = "\n".join(["| key | value | meaning |", "|---|---|---|", *rows])
    whole = [example for example in part.get("examples", ()) if "name" in example]
    examples = "".join(f"\n```yaml\n{grammar(example)}```\n" for example in whole)
    return f"## {title}\n\n{part['description']}\n\n{table}\n{examples}"


def row(name: str, key: Schema, required: bool) -> str:
    """What is said of one key. What the schema says where the key stands goes before what it says of such values."""
    said = {**part_of(key), **key}
    shown = ", ".join(f"`{flow(example)}`" for example in said.get("examples", ()))
    notes = [
        "**Required.**" if required else "",
        said["description"],
        f"Without it `{json.dumps(said['default'])}`." if "default" in said else "",
        f"Example: {shown}." if shown else "",
    ]
    return f"| `{name}` | {kind(key)} | {' '.join(filter(None, notes))} |"


def part_of(key: Schema) -> Schema:
    """The definition that a key refers to, or itself."""
    return part_at(key["$ref"].rpartition("/")[2]) if "$ref" in key else key


def kind(key: Schema) -> str:
    """What a value must be, in words, with its limits."""
    part = part_of(key)
    title = part.get("title", "")
    if title.capitalize() in (*SECTIONS, *VALUES):
        return f"[{title}](#{title.replace(' ', '-')})"
    if "then" in part:
        return f"`{part['then']['enum'][0]}`, or a list of texts"
    if "enum" in part:
        return " or ".join(f"`{json.dumps(value)}`" for value in part["enum"])
    if isinstance(part["type"], list):
        return "a text, or a list of texts"
    if part["type"] == "integer":
        return f"a whole number from {part['minimum']} to {part['maximum']:,}"
    return {"boolean": "true or false", "string": "a text", "object": "keys and values", "array": many(part)}[
        part["type"]
    ]


def many(part: Schema) -> str:
    """What is in a list, and how many."""
    if "items" not in part:
        return ""
    what = part_of(part["items"]).get("title", "a number").split()[-1] + "s"
    least, most = part["minItems"], part.get("maxItems")
    return f"a list of {least} {what}" if least == most else f"a list of {what}, at least {least}"


def value(title: str, part: Schema) -> str:
    """A kind of value: what it is, its limits, the pattern that it must match."""
    limits = [
        f"above {part['exclusiveMinimum']}, at most {part['maximum']}" if "maximum" in part else "",
        f"at most {part['maxLength']} characters" if "maxLength" in part else "",
        f"matches `{part['pattern']}`" if "pattern" in part else "",
    ]
    listed = "".join(f"* {limit}\n" for limit in limits if limit)
    return f"## {title}\n\n{part['description']}\n" + (f"\n{listed}" if listed else "")


def grammar(example: Schema) -> str:
    """A whole grammar as YAML, a line for each node and edge."""
    lines = []
    for key, found in example.items():
        many = key in ("nodes", "edges")
        lines += [f"{key}:", *(f"  - {flow(each)}" for each in found)] if many else [f"{key}: {flow(found)}"]
    return "\n".join(lines) + "\n"


def flow(found: Any) -> str:
    """A value as it stands in a line of YAML."""
    text: str = yaml.safe_dump(found, default_flow_style=True, sort_keys=False, width=1000)
    return text.removesuffix("...\n").strip()


if __name__ == "__main__":
    sys.exit(main())
