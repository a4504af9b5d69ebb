// What lies around the page: its colours, and the frame that it may stand in.

import { say } from "./dom.mjs";

const THEMES = ["auto", "light", "dark"];

/** Light, dark, or as the system has it. */
export function connectTheme(button) {
  const root = document.documentElement;
  button.addEventListener("click", () => {
    root.dataset.theme = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
    say(button, `Colours: ${root.dataset.theme}`);
  });
}

/** An embedded page makes its frame as high as what it shows. */
export function fitFrame() {
  if (!document.documentElement.classList.contains("embed")) return;
  new ResizeObserver(() => {
    try {
      if (frameElement) frameElement.style.height = `${document.body.scrollHeight + 2}px`;
    } catch {
      // a frame that is shut off keeps the height that it was given, and scrolls
    }
  }).observe(document.body);
}
