/** The message box. People talk elsewhere; here it takes the one command that the app listens to. */
import { busyWhile, sentenceFor } from "./actions.js";
import { toast } from "./dialogs.js";
import { el } from "./dom.js";

const COMMAND = "/model-status";
const HINT = `Type ${COMMAND} to ask where models stand; ${COMMAND} help lists what you can ask.`;
const ONLY_COMMANDS = `Only ${COMMAND} works here: people cannot write messages in the local stand-in.`;
const UNKNOWN_COMMAND = (word) => `${word} is not a command here. Try ${COMMAND}.`;

/** *send(text)* runs the command and returns the server's answer. */
export function createComposer(form, send) {
  const notes = { "aria-describedby": "composer-hint composer-error" };
  const box = el("textarea", { "data-testid": "composer", id: "composer", rows: 1, ...notes });
  const button = el("button", { type: "submit", class: "send", "data-testid": "send", "aria-label": "Send" });
  const suggestion = el("button", { type: "button", class: "suggestion", hidden: true, tabindex: -1 },
    el("strong", {}, COMMAND), " ask where models stand");
  const error = el("p", { id: "composer-error", class: "composer-error", role: "alert" });
  const hint = el("p", { id: "composer-hint", class: "composer-hint" }, HINT);
  form.append(suggestion, el("div", { class: "composer-box" }, box, button), error, hint);
  const composer = { form, box, button, suggestion, error, send };
  listen(composer);
  return { show: (place, name) => showPlace(composer, place, name) };
}

function listen(composer) {
  const { form, box, suggestion } = composer;
  box.addEventListener("input", () => typed(composer));
  box.addEventListener("keydown", (event) => keyPressed(event, composer));
  suggestion.addEventListener("click", () => complete(composer));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(composer);
  });
}

function typed({ box, suggestion, error, form }) {
  error.textContent = "";
  suggestion.hidden = !box.value || box.value === COMMAND || !COMMAND.startsWith(box.value);
  form.classList.toggle("has-text", box.value.trim() !== "");
}

function keyPressed(event, composer) {
  if (event.isComposing || event.shiftKey || !["Enter", "Tab"].includes(event.key)) return;
  if (event.key === "Tab" && composer.suggestion.hidden) return;
  event.preventDefault();
  if (composer.suggestion.hidden) composer.form.requestSubmit();
  else complete(composer);
}

function complete(composer) {
  composer.box.value = `${COMMAND} `;
  composer.box.focus();
  typed(composer);
}

async function submit(composer) {
  const { box, button, error, send } = composer;
  const text = box.value.trim();
  if (!text || button.getAttribute("aria-busy")) return;
  error.textContent = complaintAbout(text);
  if (error.textContent) return;
  const answer = await busyWhile(button, () => send(text));
  if (answer.ok) clear(composer, text);
  else toast(commandFailure(answer.error));
}

/** What was typed meanwhile stays. */
function clear(composer, sent) {
  if (composer.box.value.trim() === sent) composer.box.value = "";
  typed(composer);
}

function complaintAbout(text) {
  const [word] = text.split(/\s/, 1);
  if (word === COMMAND) return "";
  return word.startsWith("/") ? UNKNOWN_COMMAND(word) : ONLY_COMMANDS;
}

const commandFailure = (error) =>
  (/^\w+$/.test(error ?? "") ? `${COMMAND} failed with the error "${error}"` : sentenceFor(error));

const drafts = new Map();
let shown = null;

/** Each person has a draft of their own in each channel. */
function showPlace(composer, place, name) {
  if (place === shown) return;
  if (shown) drafts.set(shown, composer.box.value);
  shown = place;
  composer.box.value = drafts.get(place) ?? "";
  composer.box.setAttribute("aria-label", `Message to ${name}`);
  composer.box.placeholder = `Message ${name}`;
  typed(composer);
}
