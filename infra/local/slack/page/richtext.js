/** rich_text blocks to DOM nodes. Their text runs are plain: what looks like markup in them stays text. */
import { el } from "./dom.js";
import { fillDate } from "./dates.js";
import { emoji, textNodes } from "./emoji.js";
import { link } from "./links.js";
import { mention } from "./mrkdwn.js";
import { unknown } from "./unknown.js";

export function richText(block, names) {
  return el("div", { class: "rich-text" }, block.elements.map((part) => draw(PARTS, part, names)));
}

const draw = (table, item, names) =>
  (Object.hasOwn(table, item.type) ? table[item.type](item, names) : unknown("rich text element", item.type));

const runs = (part, names) => part.elements.map((run) => draw(RUNS, run, names));

const PARTS = {
  rich_text_section: (part, names) => el("div", { class: "rich-text-section" }, runs(part, names)),
  rich_text_quote: (part, names) => el("blockquote", {}, runs(part, names)),
  rich_text_preformatted: (part, names) => el("pre", {}, runs(part, names)),
  rich_text_list: (part, names) => {
    const tag = part.style === "ordered" ? "ol" : "ul";
    const attributes = { "data-indent": part.indent ?? 0, start: part.offset ? part.offset + 1 : null };
    return el(tag, attributes, part.elements.map((item) => el("li", {}, draw(PARTS, item, names))));
  },
};

const RUNS = {
  text: ({ text, style }) => styled(textNodes(text), style),
  link: ({ url, text, style }) => styled([link(url, text ?? url)], style),
  user: ({ user_id: id, style }, names) => styled([mention("user", id, names)], style),
  usergroup: ({ usergroup_id: id, style }, names) => styled([mention("usergroup", id, names)], style),
  channel: ({ channel_id: id, style }, names) => styled([mention("channel", id, names)], style),
  broadcast: ({ range }, names) => mention("broadcast", range, names),
  emoji: ({ name }) => emoji(name) ?? `:${name}:`,
  color: ({ value }) => value,
  date: ({ timestamp, format, url, fallback }) => {
    const text = fillDate(timestamp, format) ?? fallback ?? "";
    return url ? link(url, text) : el("time", {}, text);
  },
};

const STYLES = [["code", "code"], ["strike", "s"], ["italic", "em"], ["bold", "strong"]];

function styled(nodes, style = {}) {
  return STYLES.reduce((inner, [name, tag]) => (style[name] ? [el(tag, {}, inner)] : inner), nodes);
}
