// Wires from what a number is computed from to the number itself, drawn over the tables.

import { draw } from "./dom.mjs";

const THICKEST = 2.6;

/** Draw them in an <svg> that lies over `box`. reads: [{ element, weight, value }]; target: an element or null. */
export function drawWires(svg, box, reads, target) {
  svg.replaceChildren();
  for (const read of box.querySelectorAll(".source")) read.classList.remove("source");
  if (!target) return;
  const origin = box.getBoundingClientRect();
  const [width, height] = [box.scrollWidth, box.scrollHeight];
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.style.width = `${width}px`;
  svg.style.height = `${height}px`;
  const at = (element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { x: (left + right) / 2 - origin.left, top: top - origin.top, bottom: bottom - origin.top };
  };
  const end = at(target);
  const largest = Math.max(...reads.map(({ weight }) => Math.abs(weight ?? 1)), 1e-9);
  for (const { element, weight = 1, value = 0 } of reads) {
    element.classList.add("source");
    const begin = at(element);
    const down = begin.top < end.top;
    const [y0, y1] = down ? [begin.bottom, end.top] : [begin.top, end.bottom];
    const reach = Math.max(14, Math.abs(y1 - y0) * 0.45) * (down ? 1 : -1);
    const path = `M${begin.x} ${y0}C${begin.x} ${y0 + reach} ${end.x} ${y1 - reach} ${end.x} ${y1}`;
    const kind = `wire${weight < 0 ? " minus" : ""}${Math.abs(value) > 0.01 ? " live" : ""}`;
    const thickness = 1 + (THICKEST - 1) * Math.sqrt(Math.abs(weight) / largest);
    svg.append(draw("path", { class: kind, d: path, "stroke-width": thickness.toFixed(2) }));
    svg.append(draw("circle", { class: kind, cx: begin.x, cy: y0, r: 3 }));
  }
}
