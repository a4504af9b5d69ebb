"""The illustration: one HTML file in which a network reads strings, and every part of it can be watched.

    grammar + network + certificate --as data--> page.html + page.css + *.mjs + the network as exported for JavaScript

The page needs nothing else: no server, no network, no library. All of its scripts are one module, and a policy in the
page itself lets only this one run. Names of a grammar reach it as JSON alone.
"""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote

from lstmc.grammar import Grammar
from lstmc.network import Network
from lstmc.picture.page_data import PageData, page_data
from lstmc.picture.page_script import page_script
from lstmc.proof import Certificate
from lstmc.stages import Tell, untold
from lstmc.version import VERSION

HEIGHT = 2400  # pixels of an embedded page until it has measured itself
SHOWN_NAME = 200  # characters of a grammar's name in a title
ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="#4a90c8"/></svg>'


def illustrate(
    network: Network,
    grammar: Grammar | None = None,
    certificate: Certificate | bytes | None = None,
    embed: bool = False,
    tell: Tell = untold,
) -> str:
    """The page of a network.

    grammar       the graph that is drawn, and what judges the network; that of the certificate where not given
    certificate   what is proved, as `prove` gives it or as the bytes of its file
    embed         only a frame with the page in it, on one line, to be pasted into another page
    tell          hears how far it is

    The same network gives the same page.
    """
    proof = certificate.to_bytes() if isinstance(certificate, Certificate) else certificate
    data = page_data(network, grammar, proof, tell)
    page = _filled(network, data, page_script(network, data), embed)
    return _frame(network, page) if embed else page


def _filled(network: Network, data: PageData, script: str, embed: bool) -> str:
    style = _resource("page.css")
    article, kind = ("an", "LSTM") if network.cell == "lstm" else ("a", "network")
    return Template(_resource("page.html")).substitute(
        classes="embed" if embed else "whole",
        policy=_policy(style, script),
        description=escape(f"The {kind} that lstmc made from the grammar {_name(network)}, at work."),
        title=escape(f"{_name(network)}: {article} {kind} at work"),
        kind=f"{article.capitalize()} {kind}",
        steep=_steep(network),
        name=escape(_name(network)),
        icon=f"data:image/svg+xml,{quote(ICON)}",
        about=escape(_about(network)),
        dtype=escape(network.header.dtype),
        made=escape(f"Made by lstmc {VERSION}. Everything on this page is computed here, from the network's weights."),
        style=style,
        data=json.dumps(data.page, separators=(",", ":")).replace("<", "\\u003c"),
        script=script,
    )


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded, and nothing run but what stands here."""

    def allowed(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    rules = {"default-src": "'none'", "script-src": allowed(script), "style-src": allowed(style), "img-src": "data:"}
    rules |= {"base-uri": "'none'", "form-action": "'none'"}
    return "; ".join(f"{kind} {sources}" for kind, sources in rules.items())


def _about(network: Network) -> str:
    options = network.header.options
    cells = f"{network.size} memory cell{'s' if network.size > 1 else ''}"
    symbols = f"{len(network.alphabet)} symbol{'s' if len(network.alphabet) > 1 else ''}"
    return (
        f"{cells}, {symbols}, cell type {network.cell}, {network.header.dtype}, -O{options['level']}. Nothing was "
        "trained: each weight stands for a rule of the grammar. Write a string, and watch every part of the network."
    )


def _steep(network: Network) -> str:
    """What the damage lab is for."""
    if not network.steep:
        return "The weights are integers, so that nothing is rounded. Change them, and see it go wrong."
    options = network.header.options
    if options["level"] == 1 and options["memory"] == "keep":
        return "The gates are steep, so that a memory is kept exactly. Make them softer, and see it leak."
    return "The gates are steep, so that a memory is written exactly. Make them softer, and see it go wrong."


def _name(network: Network) -> str:
    return network.name if len(network.name) <= SHOWN_NAME else f"{network.name[:SHOWN_NAME]}…"


def _frame(network: Network, page: str) -> str:
    """A frame keeps styles, names and scripts of the two pages apart. On one line, so that Markdown leaves it alone."""
    inner = page.replace("&", "&amp;").replace('"', "&quot;").replace("\n", "&#10;")
    title = escape(f"The network of {_name(network)}, at work").replace("\n", " ")
    style = f"width:100%;height:{HEIGHT}px;border:0"
    return f'<iframe title="{title}" loading="lazy" style="{style}" srcdoc="{inner}"></iframe>\n'


def _resource(name: str) -> str:
    return files("lstmc.picture").joinpath("page", name).read_text("utf-8")
