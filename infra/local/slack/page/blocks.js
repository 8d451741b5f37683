/**
 * Block Kit to DOM: one small function per block type. A *surface* is where the blocks are shown and
 * what may be done there:
 *
 *   names           what ids are called (see mrkdwn.js)
 *   act(node, element, block, choice)   a person used an element
 *   form            in a modal: typed values and errors (see form.js)
 */
import { dataVisualization } from "./charts.js";
import { el } from "./dom.js";
import { drawElement } from "./elements.js";
import { image } from "./images.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./mrkdwn.js";
import { textNodes } from "./emoji.js";
import { richText } from "./richtext.js";
import { unknown } from "./unknown.js";

export function drawBlocks(blocks, surface) {
  return blocks.map((block) => drawBlock(block, surface));
}

function drawBlock(block, surface) {
  if (!Object.hasOwn(BLOCKS, block.type)) return unknown("block type", block.type);
  const node = BLOCKS[block.type](block, surface);
  node.classList.add("block", `block-${block.type}`);
  return node;
}

const BLOCKS = {
  alert: (block, surface) =>
    el("div", { class: `alert alert-${block.level ?? "default"}`, role: "note" }, textObject(block.text, surface.names)),
  actions: (block, surface) =>
    el("div", {}, block.elements.map((element) => drawElement(element, block, surface))),
  context: (block, surface) =>
    el("div", {}, block.elements.map((element) => contextElement(element, block, surface))),
  container,
  data_visualization: dataVisualization,
  divider: () => el("hr"),
  header: (block) => el(block.level ? `h${block.level + 1}` : "h3", {}, textNodes(plain(block.text))),
  image: (block) => el("figure", {}, caption(block.title), image(block)),
  input: inputBlock,
  markdown: (block) => el("div", {}, markdown(block.text)),
  rich_text: (block, surface) => richText(block, surface.names),
  section,
  table,
};

const caption = (title) => title && el("figcaption", {}, textNodes(plain(title)));

function section(block, surface) {
  const words = (text) => el("div", { class: "text" }, textObject(text, surface.names));
  return el("div", {},
    el("div", { class: "section-words" },
      block.text && words(block.text),
      block.fields && el("div", { class: "fields" }, block.fields.map(words))),
    block.accessory && el("div", { class: "accessory" }, drawElement(block.accessory, block, surface)));
}

/** Collapsible ones are native: they need no script, and the keyboard opens them. */
function container(block, surface) {
  const divided = block.has_header_divider ? "divided" : "";
  const parts = [block.icon && image(block.icon), containerTitle(block, surface)];
  const head = el(block.is_collapsible ? "summary" : "div", { class: `container-head ${divided}` }, parts);
  const attributes = { class: `container-${block.width ?? "standard"}` };
  if (!block.is_collapsible) return el("div", attributes, head, drawBlocks(block.child_blocks, surface));
  const open = !block.default_collapsed;
  return el("details", { ...attributes, open }, head, drawBlocks(block.child_blocks, surface));
}

function containerTitle({ title, rich_text_title: rich, subtitle }, { names }) {
  return [
    rich ? richText(rich, names) : textNodes(plain(title)),
    subtitle && el("span", { class: "container-subtitle" }, textObject(subtitle, names)),
  ];
}

function contextElement(element, block, surface) {
  if (element.type === "image") return drawElement(element, block, surface);
  return el("span", { class: "text" }, textObject(element, surface.names));
}

/** The first row is drawn as the head, as Slack does. */
function table(block, surface) {
  const [head = [], ...rows] = block.rows;
  const settings = block.column_settings ?? [];
  const row = (cells, tag) =>
    el("tr", {}, cells.map((cell, index) => tableCell(cell, tag, settings[index], surface)));
  const parts = [el("thead", {}, row(head, "th")), el("tbody", {}, rows.map((cells) => row(cells, "td")))];
  return el("div", { tabindex: 0, role: "group", "aria-label": "Table" }, el("table", {}, parts));
}

function tableCell(cell, tag, setting, surface) {
  const look = `align-${setting?.align ?? "left"} ${setting?.is_wrapped ? "wraps" : ""}`;
  return el(tag, { class: look, scope: tag === "th" ? "col" : null }, cellText(cell, surface));
}

function cellText(cell, surface) {
  if (cell.type === "rich_text") return richText(cell, surface.names);
  if (cell.type === "raw_text") return textNodes(cell.text);
  return unknown("table cell", cell.type);
}
