/** Interactive elements. The surface decides what a click or a choice does. */
import { CHOICES } from "./choices.js";
import { el } from "./dom.js";
import { textNodes } from "./emoji.js";
import { hooks } from "./hooks.js";
import { image } from "./images.js";
import { destination, safeUrl } from "./links.js";
import { plain } from "./mrkdwn.js";
import { openMenu } from "./menus.js";
import { unknown } from "./unknown.js";

export function drawElement(element, block, surface) {
  if (!Object.hasOwn(ELEMENTS, element.type)) return unknown("element", element.type);
  return ELEMENTS[element.type](element, block, surface);
}

const ELEMENTS = { button, image, overflow, static_select: staticSelect, ...used(CHOICES) };

/** The choices, each of which tells the app at once. */
function used(choices) {
  const entries = Object.entries(choices).map(([type, draw]) => [type, (element, block, surface) =>
    draw(element, block, surface, (node, choice) => surface.act(node, element, block, choice))]);
  return Object.fromEntries(entries);
}

function button(element, block, surface) {
  const label = textNodes(plain(element.text));
  const attributes = {
    ...hooks(element, block),
    class: `button ${element.style ?? "default"}`,
    "aria-label": element.accessibility_label,
    onclick: ({ currentTarget }) => surface.act(currentTarget, element, block),
  };
  const url = safeUrl(element.url);
  if (url) return el("a", { ...attributes, ...destination(url) }, label);
  return el("button", { ...attributes, type: "button" }, label);
}

function overflow(element, block, surface) {
  const node = el("button", {
    ...hooks(element, block),
    type: "button",
    class: "button default overflow",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "aria-label": "More actions",
    onclick: () => openMenu(node, choicesOf(element, block, surface)),
  }, "⋯");
  return node;
}

function choicesOf(element, block, surface) {
  return element.options.map((option) => ({
    label: plain(option.text),
    description: plain(option.description),
    url: safeUrl(option.url),
    choose: (node) => surface.act(node, element, block, option),
  }));
}

/** A native select: keyboards, screen readers and telephones support it already. */
function staticSelect(element, block, surface) {
  const node = selectOf(element, block, surface.form?.valueOf(block, element) ?? element.initial_option);
  node.addEventListener("change", async () => {
    const option = optionsOf(element).find(({ value }) => value === node.value);
    surface.form?.set(block, element, option);
    const done = await surface.act(node, element, block, option);
    if (!done && !surface.form) node.value = element.initial_option?.value ?? "";
  });
  return node;
}

export function selectOf(element, block, chosen) {
  const hint = plain(element.placeholder) || "Select an option";
  const node = el("select", { ...hooks(element, block), class: "select", "aria-label": hint },
    placeholderOption(hint),
    element.option_groups ? element.option_groups.map(groupOf) : optionsOf(element).map(optionOf));
  node.value = chosen?.value ?? "";
  return node;
}

function placeholderOption(hint) {
  const option = el("option", { disabled: true, hidden: true }, hint);
  option.value = "";
  return option;
}

export const optionsOf = (element) =>
  element.options ?? element.option_groups.flatMap((group) => group.options);
const optionOf = ({ text, value }) => el("option", { value }, plain(text));
const groupOf = ({ label, options }) => el("optgroup", { label: plain(label) }, options.map(optionOf));
