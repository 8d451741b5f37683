/**
 * The page: who you are, where you are, and the server's state, drawn again whenever one of them changes.
 * What people see is always drawn from the state; the answer to a click only tells what went wrong.
 */
import { sentenceFor, use } from "./actions.js";
import { avatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { showAppTabs, showConversation, showThread } from "./conversation.js";
import { announce, toast } from "./dialogs.js";
import { el, keepChildren } from "./dom.js";
import { choiceIn } from "./form.js";
import { showHome } from "./home.js";
import { markRead, rememberPerson, rememberedPerson } from "./memory.js";
import { mrkdwn } from "./mrkdwn.js";
import { forgetForms, showModal } from "./modal.js";
import { pointAt, routeOf } from "./route.js";
import { follow, getState, post } from "./server.js";
import { showSidebar } from "./sidebar.js";
import {
  directChannel, everything, isAnotherWorld, isDirect, messageKey, messagesIn, nameOf, namesFor, userOf,
} from "./state.js";

const byId = (id) => document.getElementById(id);

let state = null;
let me = rememberedPerson();
let connection = 0;

// ---- what the person does ------------------------------------------------------------------------

/** Tell the server, and have its new state before anything stops looking busy. */
async function tell(path, body) {
  const answer = await post(path, { user: me, ...body });
  await getState(null).then((fresh) => accept(fresh), () => {});
  return answer;
}

function click(node, element, block, choice, place) {
  const body = { ...place, action_id: element.action_id, block_id: block.block_id, ...choiceIn(element, choice) };
  const deed = () => tell("/client/click", body);
  return use(node, { confirm: element.confirm, names: namesFor(state, me), deed });
}

const submit = (view, values) => tell("/client/submit", { view_id: view.id, values });
const close = (view) => tell("/client/close", { view_id: view.id });
const command = (text) => tell("/client/command", { channel: routeNow().channel, text });

async function openHome() {
  const answer = await tell("/client/home", {});
  if (!answer.ok) toast(sentenceFor(answer.error));
}

let messagesOpenFor = null;

/** As Slack does, tell the app that somebody looks at its messages; once for each visit. */
function openMessages(isOpen) {
  const visit = isOpen ? `${connection}/${me}` : null;
  const isNew = visit && visit !== messagesOpenFor;
  messagesOpenFor = visit;
  if (isNew) tell("/client/home", { tab: "messages" });
}

const composer = createComposer(byId("composer-form"), command);

// ---- where the person is -------------------------------------------------------------------------

const routeNow = () => routeOf(location.hash, state, me);

function closeThread() {
  const { channel, thread } = routeNow();
  location.hash = `#${channel}`;
  document.querySelector(`#messages a[href="#${channel}/${thread}"]`)?.focus();
}

const isSidebarOpen = () => document.body.classList.contains("sidebar-open");

function setSidebarOpen(open) {
  document.body.classList.toggle("sidebar-open", open);
  byId("menu-button").setAttribute("aria-expanded", String(open));
  if (open) byId("sidebar").querySelector("a")?.focus();
}

// ---- drawing -------------------------------------------------------------------------------------

function draw() {
  if (!state) return;
  const route = routeNow();
  const person = { me, names: namesFor(state, me), directChannel: directChannel(state, me) };
  const world = { state, route, connection, ...person, click, submit, close, redraw: draw };
  markCurrentRead(route);
  showPersonSwitch();
  showSidebar(byId("sidebar"), world);
  showChannel(world);
  showThread(world);
  showHome(world, openHome);
  showModal(state.views[me], world);
  pointAt(route);
}

function showChannel(world) {
  const { route, names } = world;
  const direct = route.channel && isDirect({ id: route.channel });
  showConversation(world);
  openMessages(direct);
  showAppTabs(byId("app-tabs"), world, direct ? "Messages" : null);
  const name = direct ? state.bot.name : `#${names.channel(route.channel)}`;
  if (route.channel) composer.show(`${me}/${route.channel}`, name);
}

function markCurrentRead({ channel }) {
  if (!channel || document.visibilityState !== "visible") return;
  const newest = messagesIn(state, channel, me).at(-1);
  if (newest) markRead(me, channel, newest.ts);
}

function showPersonSwitch() {
  const select = byId("person");
  const option = (id, name) => ({ key: id, signature: name, build: () => el("option", { value: id }, name) });
  keepChildren(select, state.users.map((user) => option(user.id, nameOf(user))));
  select.value = me;
  byId("person-avatar").replaceChildren(avatar(me, nameOf(userOf(state, me) ?? { name: "?" })));
}

// ---- the server's state --------------------------------------------------------------------------

/** Answers may overtake each other; only a broken connection (*anew*) may bring an older revision. */
function accept(fresh, anew = false) {
  if (state && !anew && fresh.revision < state.revision) return;
  if (anew && state && isAnotherWorld(state, fresh)) forgetForms();
  const before = anew ? null : state;
  state = fresh;
  connection += anew ? 1 : 0;
  if (!userOf(state, me)) me = state.users[0]?.id ?? "";
  byId("connection").hidden = true;
  draw();
  if (before) announceNews(before);
}

function announceNews(before) {
  const { channel } = routeNow();
  const old = new Set(everything(before, me).map(messageKey));
  const news = everything(state, me).filter((each) => each.channel === channel && !old.has(messageKey(each)));
  if (news.length) announce(`${state.bot.name}: ${news.map(({ text }) => spoken(text)).join(". ")}`);
}

/** Mentions by name, no marks: what a notification says. */
const spoken = (text) => el("p", {}, mrkdwn(text || "new message", namesFor(state, me))).textContent;

function lost(wait) {
  const banner = byId("connection");
  banner.textContent = `The local Slack server is gone. Trying again in ${Math.ceil(wait / 1000)} s…`;
  banner.hidden = false;
}

// ---- listening -----------------------------------------------------------------------------------

byId("person").addEventListener("change", ({ target }) => {
  me = target.value;
  rememberPerson(me);
  draw();
});
byId("thread-close").addEventListener("click", closeThread);
byId("thread").addEventListener("keydown", ({ key }) => key === "Escape" && closeThread());
byId("menu-button").addEventListener("click", () => setSidebarOpen(!isSidebarOpen()));
byId("main").addEventListener("pointerdown", () => setSidebarOpen(false));
byId("sidebar").addEventListener("click", ({ target }) => target.closest("a") && setSidebarOpen(false));
byId("sidebar").addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  setSidebarOpen(false);
  byId("menu-button").focus();
});
window.addEventListener("hashchange", draw);
document.addEventListener("visibilitychange", draw);

follow({ onState: accept, onLost: lost });
