/** The input block: label, field, hint, error. What is typed is kept in the surface's form. */
import { el } from "./dom.js";
import { textNodes } from "./emoji.js";
import { CHOICES } from "./choices.js";
import { optionsOf, selectOf } from "./elements.js";
import { hooks } from "./hooks.js";
import { plain } from "./mrkdwn.js";
import { unknown } from "./unknown.js";

export function inputBlock(block, surface) {
  const { element } = block;
  if (!Object.hasOwn(FIELDS, element.type)) return el("div", {}, unknown("input", element.type));
  const id = `field-${block.block_id}-${element.action_id}`;
  const error = surface.form?.errors[block.block_id];
  const notes = [error && errorNote(id, error), block.hint && hintNote(id, block.hint)].filter(Boolean);
  const field = FIELDS[element.type](element, block, surface);
  describe(field, { id, error, notes, required: !block.optional });
  if (field.localName === "div") field.setAttribute("aria-label", plain(block.label));
  const parts = [labelFor(id, block), field, counter(field, element), notes];
  return el("div", { class: error ? "has-error" : null }, parts);
}

function labelFor(id, block) {
  const optional = block.optional && el("span", { class: "optional" }, " (optional)");
  return el("label", { for: id }, textNodes(plain(block.label)), optional);
}

function describe(field, { id, error, notes, required }) {
  field.id = id;
  field.removeAttribute("aria-label");
  if (required) field.setAttribute("aria-required", "true");
  if (error) field.setAttribute("aria-invalid", "true");
  if (notes.length) field.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
}

const hintNote = (id, hint) => el("p", { id: `${id}-hint`, class: "hint" }, textNodes(plain(hint)));
const errorNote = (id, error) =>
  el("p", { id: `${id}-error`, class: "field-error", "data-testid": "field-error" }, error);

const FIELDS = { plain_text_input: plainTextInput, static_select: select, ...kept(CHOICES) };

/** The choices, which the app hears of when the form is submitted, or at once if it asked for that. */
function kept(choices) {
  const entries = Object.entries(choices).map(([type, draw]) => [type, (element, block, surface) =>
    draw(element, block, surface, (node, choice) => tellAtOnce(node, element, block, surface, choice))]);
  return Object.fromEntries(entries);
}

function tellAtOnce(node, element, block, surface, choice) {
  if (block.dispatch_action) surface.act(node, element, block, choice);
}

function plainTextInput(element, block, { form }) {
  const field = el(element.multiline ? "textarea" : "input", {
    ...hooks(element, block),
    class: "field",
    type: element.multiline ? null : "text",
    rows: element.multiline ? 4 : null,
    placeholder: plain(element.placeholder),
    "data-wants-focus": Boolean(element.focus_on_load),
    oninput: () => form?.set(block, element, field.value),
  });
  field.value = form?.valueOf(block, element) ?? element.initial_value ?? "";
  return field;
}

function select(element, block, surface) {
  const { form } = surface;
  const field = selectOf(element, block, form?.valueOf(block, element) ?? element.initial_option);
  const chosen = () => optionsOf(element).find(({ value }) => value === field.value);
  field.addEventListener("change", () => {
    form?.set(block, element, chosen());
    tellAtOnce(field, element, block, surface, chosen());
  });
  return field;
}

/** How many characters are left. Too long a text stays, to be shortened by its author and nobody else. */
function counter(field, { max_length: most }) {
  if (!most) return null;
  const node = el("span", { class: "counter", "aria-hidden": "true" });
  const show = () => {
    const left = most - field.value.length;
    node.textContent = left;
    node.classList.toggle("over", left < 0);
  };
  field.addEventListener("input", show);
  show();
  return node;
}
