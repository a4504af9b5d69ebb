"""What a page shows, as an outline that a person can read: a line for each element, with what it says of itself.

Left out is what depends on fonts, as where texts and wires lie. Numbers are cut to four digits: the last bits of
another browser make no difference.
"""

OUTLINE = """
const told = ["title", "hidden", "disabled", "href", "d", "points", "transform", "x", "y", "cx", "cy", "r",
  "viewBox", "text-anchor", "dominant-baseline", "stroke-width", "aria-label", "aria-pressed", "aria-current",
  "aria-selected", "aria-invalid", "aria-valuetext", "max", "value", "label", "style", "tabindex"];
const plain = ["tabindex=-1", "style=--amount: 0", "aria-selected=false", "aria-pressed=false", "style="];
const short = (text) =>
  text.replace(/-?[0-9]+\\.[0-9]{3,}(e[-+]?[0-9]+)?/g, (n) => String(Number(Number(n).toPrecision(4))));
const measured = (element) => element.closest(".textline *, #wires *");
const attributes = (element) => {
  const names = measured(element) ? told.filter((name) => !/^(d|transform|x|cx|cy|width)$/.test(name)) : told;
  const data = element.getAttributeNames().filter((name) => name.startsWith("data-"));
  const found = [...names, ...data].filter((name) => element.hasAttribute(name))
    .map((name) => `${name}=${element.getAttribute(name).replace(/;$/, "")}`);
  if (element.type === "checkbox") found.push(`checked=${element.checked}`);
  else if (element.matches("input, select")) found.push(`now=${element.value}`);
  return found.filter((each) => !plain.includes(each) && !each.startsWith("style=--text"));
};
const said = (element) => {
  const classes = [...element.classList].map((name) => `.${name}`).join("");
  const kept = attributes(element);
  const id = element.id && `#${element.id}`;
  return `${element.localName}${id}${classes}${kept.length ? ` [${short(kept.join("; "))}]` : ""}`;
};
const lines = (element, indent) => {
  const inner = [...element.childNodes].flatMap((child) => child.nodeType === Node.TEXT_NODE
    ? (child.data.trim() ? [`${indent}  ${short(child.data.trim())}`] : []) : lines(child, `${indent}  `));
  const one = inner.length === 1 && element.firstElementChild === null;
  return one ? [`${indent}${said(element)} ${inner[0].trim()}`] : [indent + said(element), ...inner];
};
return [...document.querySelectorAll(argument)].flatMap((element) => lines(element, "")).join("\\n") + "\\n";
"""


def outline(visit, *selectors):
    """Of these parts of the page, in the order of the page."""
    return visit.ask(OUTLINE, ", ".join(selectors))
