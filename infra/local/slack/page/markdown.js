/**
 * The `markdown` block, very plainly: headings, lists, quotes, fences, tables left as they were typed;
 * within a line bold, italic, code and links. Enough to read it, not a Markdown implementation.
 */
import { el } from "./dom.js";
import { textNodes } from "./emoji.js";
import { link } from "./links.js";

export function markdown(text) {
  const parts = text.split(/^```.*\n([\s\S]*?)\n?^```$/m);
  return parts.flatMap((part, index) => (index % 2 ? el("pre", {}, part) : part.split(/\n{2,}/).map(paragraph)));
}

function paragraph(text) {
  const lines = text.split("\n").filter(Boolean);
  if (lines.some((line) => line.startsWith("|"))) return el("pre", {}, lines.join("\n"));
  return el("div", { class: "markdown-paragraph" }, lines.map(markdownLine));
}

const STARTS = [
  [/^#{1,6} +/, (rest) => el("strong", { class: "markdown-heading" }, rest)],
  [/^ *[-*+] +/, (rest) => el("div", { class: "markdown-item" }, "• ", rest)],
  [/^> ?/, (rest) => el("blockquote", {}, rest)],
];

function markdownLine(text) {
  const [start, build] = STARTS.find(([start]) => start.test(text)) ?? [/^/, (rest) => el("div", {}, rest)];
  return build(inline(text.replace(start, "")));
}

const INLINE = new RegExp([
  "`(?<code>[^`]+)`",
  "\\[(?<label>[^\\]]+)\\]\\((?<address>[^)\\s]+)\\)",
  "\\*\\*(?<bold>.+?)\\*\\*",
  "(?<![\\w*])(?<mark>[*_])(?=\\S)(?<italic>.+?)(?<=\\S)\\k<mark>(?![\\w*])",
].join("|"), "gu");

function inline(text) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(...textNodes(text.slice(done, match.index)), drawn(match.groups));
    done = match.index + match[0].length;
  }
  return [...nodes, ...textNodes(text.slice(done))];
}

function drawn({ code, label, address, bold, italic }) {
  if (code) return el("code", {}, code);
  if (label) return link(address, label);
  return bold ? el("strong", {}, inline(bold)) : el("em", {}, inline(italic));
}
