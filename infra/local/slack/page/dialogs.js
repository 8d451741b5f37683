/** Dialogs over the page, the question before a dangerous click, and the small notes at the edge. */
import { el, finderOf, iconButton } from "./dom.js";
import { textNodes } from "./emoji.js";
import { plain, textObject } from "./mrkdwn.js";

const byId = (id) => document.getElementById(id);
const stack = [];

/**
 * Put *dialog* (in *root*) above everything; everything below is inert until close() is called, and
 * then the focus returns to where it was.
 */
export function openDialog(root, dialog, leave) {
  const layer = { root, goBack: finderOf(document.activeElement) };
  root.replaceChildren(el("div", { class: "backdrop" }, dialog));
  dialog.addEventListener("keydown", (event) => dialogKeys(event, dialog, leave));
  stack.push(layer);
  updateReach();
  return () => closeDialog(layer);
}

function closeDialog(layer) {
  stack.splice(stack.indexOf(layer), 1);
  layer.root.replaceChildren();
  updateReach();
  layer.goBack()?.focus({ preventScroll: true });
}

function updateReach() {
  byId("app").inert = stack.length > 0;
  stack.forEach(({ root }, index) => { root.inert = index < stack.length - 1; });
}

const STOPS = ":is(a[href], button, input, select, textarea, [tabindex='0']):not([tabindex='-1'])";

function dialogKeys(event, dialog, leave) {
  if (event.key === "Escape") return consume(event, leave);
  if (event.key !== "Tab") return;
  const stops = [...dialog.querySelectorAll(STOPS)];
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
  if ([from, dialog].includes(document.activeElement)) consume(event, () => to.focus());
}

function consume(event, deed) {
  event.preventDefault();
  event.stopPropagation();
  deed();
}

/** Slack's confirm object: answers whether the person went on. */
export function confirmed(question, names) {
  return new Promise((resolve) => {
    const answer = (yes) => {
      close();
      resolve(yes);
    };
    const dialog = confirmDialog(question, names, answer);
    const close = openDialog(byId("confirm-root"), dialog, () => answer(false));
    dialog.querySelector("[data-testid=confirm-yes]").focus();
  });
}

function confirmDialog({ title, text, confirm, deny, style }, names, answer) {
  const attributes = {
    class: "confirm",
    role: "alertdialog",
    "aria-modal": "true",
    "aria-labelledby": "confirm-title",
    "aria-describedby": "confirm-text",
    "data-testid": "confirm",
    tabindex: -1,
  };
  return el("div", attributes,
    el("h2", { id: "confirm-title" }, textNodes(plain(title))),
    el("div", { id: "confirm-text", class: "text" }, textObject(text, names)),
    el("div", { class: "dialog-buttons" },
      choice(plain(deny) || "Cancel", "default", "confirm-no", () => answer(false)),
      choice(plain(confirm) || "OK", style ?? "primary", "confirm-yes", () => answer(true))));
}

function choice(label, look, testid, onclick) {
  const attributes = { type: "button", class: `button ${look}`, "data-testid": testid, onclick };
  return el("button", attributes, textNodes(label));
}

const TOAST_LIFE = 7000;

export function toast(text) {
  const note = el("div", { class: "toast", "data-testid": "toast" },
    el("span", {}, text),
    iconButton("Dismiss", "✕", { onclick: () => note.remove() }));
  byId("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_LIFE);
}

/** Announce to screen readers that something has arrived. */
export function announce(text) {
  byId("announcer").textContent = text;
}
