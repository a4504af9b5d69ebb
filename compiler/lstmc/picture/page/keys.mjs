// The keyboard: arrows step, space plays, Home and End go to the ends. Controls that need these keys keep them.

/** actions: step, back, play, first, last, letGo. */
export function listenToKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = actionOf(event, actions);
    if (!action) return;
    event.preventDefault();
    action();
  });
}

function actionOf({ key, shiftKey, target }, actions) {
  if (key === "Escape") return actions.letGo;
  const typed = target.closest("input, select, textarea");
  if (typed && !(typed.type === "checkbox" && key !== " ")) return undefined;
  const inside = target.closest("#parts, #graph, .scrolls");
  if (key === "ArrowRight" && (shiftKey || !inside)) return actions.step;
  if (key === "ArrowLeft" && (shiftKey || !inside)) return actions.back;
  if (inside) return undefined;
  if (key === " ") return target.closest("button, summary, a") ? undefined : actions.play;
  return { Home: actions.first, End: actions.last }[key];
}
