/** What the page cannot draw is shown as an error: an empty spot would look like a correct card. */
import { el } from "./dom.js";

export function unknown(kind, type) {
  const words = `This page does not draw the ${kind} “${type}”.`;
  return el("div", { class: "unknown", "data-testid": "unknown" }, words);
}
