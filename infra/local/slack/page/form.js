/**
 * What a person has typed into a modal, and the errors shown. It outlives the modal's blocks: after
 * a views.update a field with the same block_id and action_id still holds its text, as in Slack.
 */

export function createForm(viewId) {
  const typed = new Map();
  return {
    viewId,
    errors: {},
    problem: null,
    submitting: false,
    valueOf: (block, element) => typed.get(keyOf(block, element)),
    set: (block, element, value) => typed.set(keyOf(block, element), value),
    values: (blocks) => valuesOf(blocks, typed),
    keep: (blocks) => forgetOthers(blocks, typed),
  };
}

/** Slack keeps what was typed only while the field is there: one that comes back has its initial value. */
function forgetOthers(blocks, typed) {
  const kept = new Set(blocks.flatMap((block) => fieldsOf(block).map((element) => keyOf(block, element))));
  for (const key of typed.keys()) if (!kept.has(key)) typed.delete(key);
}

const keyOf = (block, element) => JSON.stringify([block.block_id, element.action_id]);

/** As in Slack's view.state.values: block_id -> action_id -> { type, value | selected_option | … }. */
function valuesOf(blocks, typed) {
  const values = {};
  for (const block of blocks.flatMap((each) => [each, ...(each.child_blocks ?? [])])) {
    for (const element of fieldsOf(block)) {
      const value = FIELDS[element.type](element, typed.get(keyOf(block, element)));
      (values[block.block_id] ??= {})[element.action_id] = { type: element.type, ...value };
    }
  }
  return values;
}

function fieldsOf({ type, element, accessory, elements }) {
  const all = [element, accessory, ...(type === "actions" ? elements : [])];
  return all.filter((each) => each && Object.hasOwn(FIELDS, each.type));
}

const FIELDS = {
  plain_text_input: ({ initial_value: initial }, text) => ({ value: (text ?? initial) || null }),
  static_select: ({ initial_option: initial }, option) => ({ selected_option: option ?? initial ?? null }),
  radio_buttons: ({ initial_option: initial }, option) => ({ selected_option: option ?? initial ?? null }),
  checkboxes: ({ initial_options: initial }, options) => ({ selected_options: options ?? initial ?? [] }),
  users_select: ({ initial_user: initial }, id) => ({ selected_user: id ?? initial ?? null }),
  conversations_select: ({ initial_conversation: initial }, id) => ({ selected_conversation: id ?? initial ?? null }),
};

const CHOSEN = {
  checkboxes: "selected_options",
  users_select: "selected_user",
  conversations_select: "selected_conversation",
};

/** What was chosen in *element*, as a click tells it. */
export const choiceIn = (element, choice) => ({ [CHOSEN[element.type] ?? "selected_option"]: choice });
