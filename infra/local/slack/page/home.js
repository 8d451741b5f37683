/** The app's Home tab. Opening it is an event for the app, which then publishes what is to be seen. */
import { drawBlocks } from "./blocks.js";
import { showAppTabs } from "./conversation.js";
import { el, keepChildren } from "./dom.js";
import { createForm } from "./form.js";

const byId = (id) => document.getElementById(id);

let openFor = null;
let opening = false;

/** *openHome()* tells the server and answers when the app is done. */
export function showHome(world, openHome) {
  const { state, me, route } = world;
  byId("home").hidden = !route.home;
  if (!route.home) return forgetHome();
  byId("home-title").textContent = state.bot.name;
  document.title = `${state.bot.name} - Slack stand-in`;
  showAppTabs(byId("home-tabs"), world, "Home");
  openOnce(world, openHome);
  fill(state.homes[me], world);
}

function forgetHome() {
  openFor = null;
  byId("home-blocks").replaceChildren();
}

/** Once for each person and each server: one that was started anew has not seen anybody yet. */
async function openOnce({ me, connection, redraw }, openHome) {
  const visit = `${connection}/${me}`;
  if (openFor === visit) return;
  [openFor, opening] = [visit, true];
  await openHome();
  opening = openFor !== visit && opening;
  redraw();
}

function fill(view, world) {
  const otherwise = opening ? "Opening…" : "There is nothing here yet.";
  keepChildren(byId("home-blocks"), [view ? viewItem(view, world) : emptyItem(otherwise)]);
}

function viewItem(view, { me, names, click }) {
  const act = (node, element, block, choice) => click(node, element, block, choice, { view_id: view.id });
  const surface = { names, act, form: createForm(view.id) };
  const build = () => el("div", { class: "home-content" }, drawBlocks(view.blocks ?? [], surface));
  return { key: "view", signature: JSON.stringify([me, view]), build };
}

function emptyItem(text) {
  return { key: "empty", signature: text, build: () => el("p", { class: "empty", role: "status" }, text) };
}
