/**
 * Text objects to DOM nodes. `plain_text` is never interpreted. `mrkdwn` is, as Slack's clients do it:
 * <...> tokens, code, quotes, *bold* _italic_ ~strike~, :emoji:, bare addresses; the three entities
 * are decoded last, in what has turned out to be text.
 */
import { el } from "./dom.js";
import { fillDate } from "./dates.js";
import { emoji, textNodes } from "./emoji.js";
import { link, safeUrl } from "./links.js";

/** A text object (or a bare string, which counts as plain) as nodes. */
export function textObject(object, names) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", names);
  return textNodes(plain(object));
}

/** The letters of a plain_text object; some callers have it as a bare string. */
export const plain = (object) => (typeof object === "string" ? object : object?.text ?? "");

/** *names* tells what an id is called: user(id), usergroup(id), channel(id), isMe(kind, id). */
export function mrkdwn(text, names) {
  const parts = text.split(/(```[\s\S]+?```)/);
  return parts.flatMap((part, index) => (index % 2 ? preformatted(part) : lines(part, names)));
}

function preformatted(part) {
  return el("pre", {}, decode(part.slice(3, -3).replace(/^\n|\n$/g, "")));
}

// Slack reads a quote mark at the start of a line also when it was sent escaped.
const QUOTE = /^(?:>|&gt;) ?/;

function lines(part, names) {
  const runs = [];
  for (const text of part.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = QUOTE.test(text);
    if (runs.at(-1)?.quoted !== quoted) runs.push({ quoted, lines: [] });
    runs.at(-1).lines.push(text.replace(QUOTE, ""));
  }
  const drawn = (run) => broken(run.lines, names);
  return runs.flatMap((run) => (run.quoted ? el("blockquote", {}, drawn(run)) : drawn(run)));
}

function broken(texts, names) {
  return texts.flatMap((text, index) => (index ? [el("br"), ...inline(text, names)] : inline(text, names)));
}

const INLINE = new RegExp([
  "`(?<code>[^`]+)`",
  "<(?<token>[^<>]+)>",
  "(?<![\\p{L}\\p{N}])(?<mark>[*_~])(?=\\S)(?<marked>.+?)(?<=\\S)\\k<mark>(?![\\p{L}\\p{N}])",
  ":(?<emoji>[a-z0-9_+'-]+):",
  "(?<address>https?://[^\\s<>|]*[^\\s<>|.,;:!?)\\]*_~'\"])",
].join("|"), "gu");

const MARKS = { "*": "strong", _: "em", "~": "s" };

function inline(text, names) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(...textNodes(decode(text.slice(done, match.index))), ...drawn(match, names));
    done = match.index + match[0].length;
  }
  return [...nodes, ...textNodes(decode(text.slice(done)))];
}

function drawn({ 0: whole, groups }, names) {
  if (groups.code) return [el("code", {}, decode(groups.code))];
  if (groups.token) return [angleToken(groups.token, names)];
  if (groups.mark) return [el(MARKS[groups.mark], {}, inline(groups.marked, names))];
  if (groups.address) return [link(decode(whole), decode(whole))];
  return [emoji(groups.emoji) ?? whole];
}

/** What stood between < and >: a mention, a date, an address; anything else stays as it was written. */
function angleToken(token, names) {
  const [target, label] = splitOnce(token, "|");
  if (target.startsWith("@")) return mention("user", target.slice(1), names);
  if (target.startsWith("#")) return mention("channel", target.slice(1), names);
  if (target.startsWith("!subteam^")) return mention("usergroup", target.slice(9), names);
  if (target.startsWith("!date^")) return dateToken(target, decode(label ?? ""));
  if (target.startsWith("!")) return mention("broadcast", target.slice(1).split("^")[0], names);
  if (!safeUrl(decode(target))) return decode(`<${token}>`);
  return link(decode(target), decode(label ?? target));
}

function splitOnce(text, separator) {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function dateToken(target, fallback) {
  const [, seconds, format = "", address] = target.split("^");
  const text = fillDate(seconds, decode(format)) ?? fallback;
  return address ? link(decode(address), text) : el("time", {}, text);
}

/** @name or #name, lit when it means the person at the screen. Shared with rich_text. */
export function mention(kind, id, names) {
  const mine = names.isMe(kind, id) ? " is-me" : "";
  if (kind === "channel") return el("a", { class: "mention", href: `#${id}` }, `#${names.channel(id)}`);
  const name = kind === "broadcast" ? id : names[kind](id);
  return el("span", { class: `mention${mine}` }, `@${name}`);
}

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const decode = (text) => text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
