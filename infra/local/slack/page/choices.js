/**
 * Checkboxes, radio buttons, lists of people and of conversations. *use(node, choice)* is called with
 * what was chosen: options, an option, or an id.
 */
import { el } from "./dom.js";
import { hooks } from "./hooks.js";
import { plain, textObject } from "./mrkdwn.js";

export const CHOICES = {
  checkboxes: (element, block, surface, use) =>
    boxes("checkbox", element, block, surface, { initial: element.initial_options, use }),
  radio_buttons: (element, block, surface, use) =>
    boxes("radio", element, block, surface, { initial: element.initial_option, use }),
  users_select: (element, block, surface, use) => {
    const { people, user } = surface.names;
    const hint = "Select a person";
    return idSelect(element, block, surface, { ids: people, nameOf: user, hint, initial: element.initial_user, use });
  },
  conversations_select: (element, block, surface, use) => {
    const { places, channel } = surface.names;
    const nameOf = (id) => `#${channel(id)}`;
    const hint = "Select a conversation";
    return idSelect(element, block, surface, { ids: places, nameOf, hint, initial: element.initial_conversation, use });
  },
};

let groups = 0;

/** A native group: keyboards and screen readers support it already. */
function boxes(kind, element, block, surface, { initial, use }) {
  const chosen = [surface.form?.valueOf(block, element) ?? initial ?? []].flat().map(({ value }) => value);
  const name = `choice-${(groups += 1)}`;
  const inputs = element.options.map(({ value }) =>
    el("input", { type: kind, name, value, checked: chosen.includes(value) }));
  const rows = element.options.map((option, index) => boxRow(inputs[index], option, surface));
  const role = kind === "radio" ? "radiogroup" : "group";
  const node = el("div", { ...hooks(element, block), class: "choices", role }, rows);
  node.addEventListener("change", () => {
    const picked = element.options.filter((_, index) => inputs[index].checked);
    const choice = kind === "radio" ? picked[0] : picked;
    surface.form?.set(block, element, choice);
    use(node, choice);
  });
  return node;
}

function boxRow(input, { text, description }, { names }) {
  const more = description && el("span", { class: "choice-description" }, textObject(description, names));
  return el("label", { class: "choice" }, input, el("span", {}, textObject(text, names), more));
}

function idSelect(element, block, surface, { ids, nameOf, hint, initial, use }) {
  const words = plain(element.placeholder) || hint;
  const none = el("option", { disabled: true, hidden: true }, words);
  none.value = "";
  const options = ids.map((id) => el("option", { value: id }, nameOf(id)));
  const node = el("select", { ...hooks(element, block), class: "select", "aria-label": words }, none, options);
  node.value = surface.form?.valueOf(block, element) ?? initial ?? "";
  node.addEventListener("change", () => {
    surface.form?.set(block, element, node.value);
    use(node, node.value);
  });
  return node;
}
