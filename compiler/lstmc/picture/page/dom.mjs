// Elements, made without ever reading text as markup: names of a grammar can hold anything.

const SVG = "http://www.w3.org/2000/svg";

export const one = (id) => document.getElementById(id);

/** An element of HTML: attributes by name (false and null left out), `on…` as listeners; children: text or elements. */
export function make(tag, attributes = {}, ...children) {
  return finished(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function draw(tag, attributes = {}, ...children) {
  return finished(document.createElementNS(SVG, tag), attributes, children);
}

function finished(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Text that changes seldom is not written again: screen readers and selections stay where they are. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** A name of the grammar among other text, whatever its direction of writing. */
export function name(text) {
  return make("bdi", {}, text);
}

export const stillness = matchMedia("(prefers-reduced-motion: reduce)");
