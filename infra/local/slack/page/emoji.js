/**
 * Emoji: `:name:` to a character, and the character to something that can be seen. Machines without a
 * screen often have no emoji font; the emoji that approval bots use most are drawn then (drawings.js).
 */
import { el, visuallyHidden } from "./dom.js";
import { draw, DRAWN } from "./drawings.js";

const CHARACTERS = pairs(`
  white_check_mark ✅  heavy_check_mark ✔️  ballot_box_with_check ☑️  x ❌  warning ⚠️
  hourglass ⌛  hourglass_flowing_sand ⏳  no_entry ⛔  no_entry_sign 🚫  octagonal_sign 🛑
  large_green_circle 🟢  large_yellow_circle 🟡  large_orange_circle 🟠  red_circle 🔴
  large_blue_circle 🔵  white_circle ⚪  black_circle ⚫  small_blue_diamond 🔹
  rocket 🚀  lock 🔒  unlock 🔓  bell 🔔  eyes 👀  tada 🎉  wave 👋  star ⭐  fire 🔥  zzz 💤
  +1 👍  thumbsup 👍  -1 👎  thumbsdown 👎  information_source ℹ️  question ❓  exclamation ❗
  bulb 💡  memo 📝  package 📦  robot_face 🤖  bust_in_silhouette 👤  speech_balloon 💬  link 🔗
  leftwards_arrow_with_hook ↩️  rewind ⏪  arrows_counterclockwise 🔄  repeat 🔁  arrow_up ⬆️
  arrow_down ⬇️  arrow_right ➡️  chart_with_upwards_trend 📈  chart_with_downwards_trend 📉
  bar_chart 📊  clock1 🕐  stopwatch ⏱️  rotating_light 🚨  mag 🔍  wrench 🔧  gear ⚙️
`);

function pairs(text) {
  return new Map([...text.matchAll(/(\S+) (\S+)/g)].map(([, name, character]) => [name, character]));
}

/**
 * The node for `:name:`, or null: for names that Slack does not know either, and for signs that
 * nothing here can draw. The letters then stay, which is better than an empty box.
 */
export function emoji(name) {
  const character = CHARACTERS.get(name);
  return character && (DRAWN.has(character) || hasColourEmoji()) ? glyph(character) : null;
}

const DRAWN_SIGNS = new RegExp(`(${[...DRAWN].join("|")})`, "u");

/** *text* as nodes, its emoji characters visible. Nothing else in it is interpreted. */
export function textNodes(text) {
  const parts = text.split(DRAWN_SIGNS).filter(Boolean);
  return parts.map((part) => (DRAWN.has(part) ? glyph(part) : part));
}

function glyph(character) {
  if (hasColourEmoji()) return el("span", { class: "emoji" }, character);
  return el("span", { class: "emoji" }, draw(character), visuallyHidden(character));
}

let colourEmoji;

/** Does a font here draw emoji in colour? Tested by pixels: no API tells. */
function hasColourEmoji() {
  colourEmoji ??= drawsInColour("✅");
  return colourEmoji;
}

function drawsInColour(character) {
  const canvas = el("canvas", { width: 20, height: 20 });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "16px sans-serif";
  pen.fillText(character, 0, 16);
  const { data } = pen.getImageData(0, 0, 20, 20);
  return data.some((_, index) => index % 4 === 0 && Math.abs(data[index] - data[index + 1]) > 40);
}
