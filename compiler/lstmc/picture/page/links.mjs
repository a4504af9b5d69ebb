// Links that bring a session back: grammar, string, position and damage stand behind the # of the address.

import { one, say } from "./dom.mjs";
import { fromHash, toHash } from "./strings.mjs";

/** Show a link to what is seen now, put it into the address, and copy it. */
export function makeLink(session, lab) {
  const { name } = session.machines.own.about;
  const hash = toHash(
    { name, tokens: session.tokens, position: session.position, damage: lab.toText() },
    session.alphabet,
  );
  const { location } = visible();
  location.hash = hash;
  const address = `${location.href.split("#")[0]}${hash}`;
  one("link-text").value = address;
  one("link-text").hidden = false;
  one("link-text").select();
  const beside = () => say(one("live"), "The link stands beside the button, and in the address.");
  const copied = clipboard()?.writeText(address).then(() => say(one("live"), "The link is copied."));
  (copied ?? Promise.reject(new Error("there is no clipboard"))).catch(beside);
}

/** The clipboard, unless a page around this one keeps it shut: then a browser would complain of who asks. */
function clipboard() {
  const shut = document.featurePolicy?.allowsFeature("clipboard-write") === false;
  return shut ? undefined : navigator.clipboard;
}

/** Bring back what the address says; whether it said anything about this grammar. */
export function restoreLink(session, lab, load) {
  const found = fromHash(visible().location.hash, session.machines.own.about.name, session.alphabet);
  if (!found) return false;
  if (found.tokens.join() === session.tokens.join() && found.position === session.position) return true; // our own
  lab.fromText(found.damage);
  session.setDamage(lab.damage);
  load(found.tokens, found.position);
  return true;
}

export function listenToLinks(restore) {
  for (const each of new Set([window, visible()])) each.addEventListener("hashchange", restore);
}

/** The window whose address people see: of an embedded page that around it, where it may be asked. */
function visible() {
  try {
    return location.href === "about:srcdoc" && parent.location.href ? parent : window;
  } catch {
    return window; // another site's
  }
}
