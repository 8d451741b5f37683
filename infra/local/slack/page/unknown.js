/** What the page cannot draw is said out loud: an empty spot would look like a card that is fine. */
import { el } from "./dom.js";

export function unknown(kind, type) {
  const words = `This page does not draw the ${kind} “${type}”.`;
  return el("div", { class: "unknown", "data-testid": "unknown" }, words);
}
