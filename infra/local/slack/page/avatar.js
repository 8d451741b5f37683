/** A coloured square with initials: the same person always has the same colour. */
import { el } from "./dom.js";

const COLOURS = 6;

export function avatar(id, name, size = "") {
  const attributes = { class: `avatar avatar-${colourOf(id)} ${size}`.trim(), "aria-hidden": "true" };
  return el("span", attributes, initials(name));
}

const colourOf = (id) => [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % COLOURS;

function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0].toUpperCase()).join("");
}
