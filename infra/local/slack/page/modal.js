/** A person's open modal: drawn from the view in the state, with the form that outlives its updates. */
import { sentenceFor } from "./actions.js";
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { openDialog, toast } from "./dialogs.js";
import { el, iconButton, keepChildren, keepingFocus } from "./dom.js";
import { textNodes } from "./emoji.js";
import { createForm } from "./form.js";
import { plain } from "./mrkdwn.js";

const root = document.getElementById("modal-root");
const forms = new Map();
const closed = new Set();

let open = null;

/** Show *view*, or nothing. *world* has { state, names, click, submit(view, values), close(view) }. */
export function showModal(view, world) {
  const wanted = view?.type === "modal" && !closed.has(view.id) ? view : null;
  if (open && open.view.id !== wanted?.id) shut();
  if (!wanted) return;
  const form = formOf(wanted);
  if (!open) open = opened(wanted);
  Object.assign(open, { view: wanted, world, form });
  forgetErrorsOf(form, wanted);
  redraw();
}

/** A restarted server gives the same ids to other forms. */
export function forgetForms() {
  forms.clear();
  closed.clear();
}

function formOf(view) {
  if (!forms.has(view.id)) forms.set(view.id, createForm(view.id));
  return forms.get(view.id);
}

function opened(view) {
  const dialog = el("div", { class: "modal", id: "modal", role: "dialog", "aria-modal": "true",
    "aria-labelledby": "modal-title", "data-testid": "modal", "data-view-id": view.id, tabindex: -1 });
  const element = modalForm();
  dialog.append(element);
  const close = openDialog(root, dialog, leave);
  dialog.focus();
  return { dialog, element, close, hadFields: false };
}

function shut() {
  const { close } = open;
  open = null;
  close();
}

/** Errors of the last view do not belong to a new one. */
function forgetErrorsOf(form, view) {
  if (form.hash !== undefined && form.hash !== view.hash) Object.assign(form, { errors: {}, problem: null });
  if (form.hash !== view.hash) form.keep(view.blocks ?? []);
  form.hash = view.hash;
}

/** Each part for itself: a button that somebody is just pressing is not replaced by other text. */
function redraw() {
  const { dialog } = open;
  const scrolled = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
  keepingFocus(dialog, () => keepChildren(open.element, partsOf(open)));
  dialog.querySelector(".modal-body").scrollTop = scrolled;
  focusFirstField();
}

function partsOf({ view, form }) {
  const { errors, problem, submitting } = form;
  const part = (key, build, ...shown) => ({ key, build, signature: JSON.stringify(shown) });
  return [
    part("head", () => modalHead(view), view.title),
    part("body", () => modalBody(view), view.blocks, errors),
    ...(problem ? [part("problem", () => modalProblem(problem), problem)] : []),
    part("foot", () => modalFoot(view, form), view.submit, view.close, submitting),
  ];
}

/** Once, when fields first appear: a modal often opens with "Loading" and gets its fields later. */
function focusFirstField() {
  const fields = [...open.dialog.querySelectorAll(".block-input :is(input, textarea, select)")];
  const first = fields.find((field) => "wantsFocus" in field.dataset) ?? fields[0];
  if (first && !open.hadFields) first.focus({ preventScroll: true });
  open.hadFields ||= Boolean(first);
}

function modalForm() {
  const submitOnKey = (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) submit();
  };
  return el("form", { class: "modal-form", novalidate: true, onsubmit: submitted, onkeydown: submitOnKey });
}

const modalBody = (view) => el("div", { class: "modal-body" }, drawBlocks(view.blocks ?? [], surface()));

const modalProblem = (problem) => el("p", { class: "modal-problem", role: "alert" }, problem);

function modalHead(view) {
  const { bot } = open.world.state;
  return el("header", { class: "modal-head" }, avatar(bot.id, bot.name, "small"),
    el("h2", { id: "modal-title" }, textNodes(plain(view.title))),
    iconButton("Close", "✕", { "data-testid": "modal-x", onclick: leave }));
}

function modalFoot(view, form) {
  const closeLabel = plain(view.close) || (view.submit ? "Cancel" : "Close");
  const close = { type: "button", class: "button default", "data-testid": "modal-close", onclick: leave };
  const submit = { type: "submit", class: "button primary", "data-testid": "modal-submit",
    "aria-busy": form.submitting ? "true" : null };
  return el("footer", { class: "dialog-buttons" },
    el("button", close, textNodes(closeLabel)),
    view.submit && el("button", submit, textNodes(plain(view.submit))));
}

function surface() {
  const { form, world } = open;
  const act = (node, element, block, choice) => world.click(node, element, block, choice, placeOf(open.view));
  return { names: world.names, form, act };
}

/** A click tells the app also what is filled in so far. */
const placeOf = (view) => ({ view_id: view.id, values: open.form.values(view.blocks) });

function submitted(event) {
  event.preventDefault();
  submit();
}

async function submit() {
  const { view, form, world } = open;
  if (form.submitting || !view.submit) return;
  setForm(form, { submitting: true, errors: {}, problem: null });
  const answer = await world.submit(view, form.values(view.blocks));
  setForm(form, { submitting: false, errors: answer.errors ?? {}, problem: problemOf(answer) });
  if (open?.form === form) open.dialog.querySelector("[aria-invalid]")?.focus();
}

function setForm(form, changes) {
  Object.assign(form, changes);
  if (open?.form === form) redraw();
}

/** Slack's own sentence when the app did not answer; errors of fields need none. */
function problemOf({ ok, error, errors }) {
  if (ok || Object.keys(errors ?? {}).length > 0) return null;
  return /\s/.test(error ?? "") ? error : `We had some trouble connecting. Try again? (${error})`;
}

/** Closed for the person at once, whatever the server says; it is told all the same. */
async function leave() {
  const { view, world } = open;
  closed.add(view.id);
  shut();
  const answer = await world.close(view);
  if (!answer.ok) toast(sentenceFor(answer.error));
}
