/** The channel in the middle and the thread at the right. */
import { el, keepChildren } from "./dom.js";
import { fillList, isPublic, messageItem, withDayLines } from "./messages.js";
import { isDirect, messageAt, messagesIn, repliesTo } from "./state.js";

const byId = (id) => document.getElementById(id);

let shownChannel = null;
let shownThread = null;

export function showConversation(world) {
  const { state, me, route } = world;
  byId("conversation").hidden = !route.channel;
  if (!route.channel) return forgetChannel();
  const channel = state.channels.find(({ id }) => id === route.channel);
  showTitle(channel, state);
  const messages = messagesIn(state, channel.id, me);
  const items = withDayLines(messages, (message) => messageItem(message, world));
  const jump = shownChannel !== `${me}/${channel.id}`;
  fillList(byId("messages"), [welcome(channel, state), ...items], { jump });
  shownChannel = `${me}/${channel.id}`;
}

/** Remove what is hidden, so that nothing selects a message that nobody sees. */
function forgetChannel() {
  shownChannel = null;
  byId("messages").replaceChildren();
}

function forgetThread() {
  shownThread = null;
  byId("replies").replaceChildren();
}

function showTitle(channel, state) {
  const name = isDirect(channel) ? state.bot.name : `# ${channel.name}`;
  byId("conversation-title").textContent = name;
  document.title = `${name} - Slack stand-in`;
}

function welcome(channel, state) {
  const name = isDirect(channel) ? state.bot.name : `#${channel.name}`;
  const build = () => el("div", { class: "welcome" }, el("h2", {}, name),
    el("p", {}, `This is the very beginning of ${isDirect(channel) ? "your messages with " : ""}${name}.`));
  return { key: "welcome", signature: channel.id, build };
}

export function showThread(world) {
  const { state, me, route } = world;
  const parent = route.thread && messageAt(state, route.channel, route.thread);
  byId("thread").hidden = !parent;
  if (!parent) return forgetThread();
  const replies = repliesTo(state, parent.channel, parent.ts, me);
  const itemOf = (message) => messageItem(message, world, { inThread: true });
  byId("thread-channel").textContent = `# ${world.names.channel(parent.channel)}`;
  const items = [itemOf(parent), replyCount(replies.filter(isPublic).length), ...replies.map(itemOf)];
  fillList(byId("replies"), items, { jump: shownThread !== parent.ts });
  if (shownThread !== parent.ts) byId("thread-close").focus({ preventScroll: true });
  shownThread = parent.ts;
}

function replyCount(count) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  const build = () => el("div", { class: "reply-count" }, el("span", {}, words));
  return { key: "count", signature: words, build };
}

/** Home and Messages, for the app's own views. */
export function showAppTabs(nav, world, current) {
  const direct = world.directChannel;
  const tab = (label, href) => el("a", { href, "aria-current": label === current ? "page" : null }, label);
  const build = () => el("div", {}, tab("Home", "#home"), direct && tab("Messages", `#${direct.id}`));
  nav.hidden = !current;
  keepChildren(nav, [{ key: "tabs", signature: JSON.stringify([current, direct]), build }]);
}
