/** The left side: the workspace, its channels with unread marks, the app. */
import { avatar } from "./avatar.js";
import { el, keepChildren, visuallyHidden } from "./dom.js";
import { readUpTo } from "./memory.js";
import { isDirect, mentions, messagesIn, publicChannels, workspaceName } from "./state.js";

export function showSidebar(nav, world) {
  const { state, me, route, directChannel } = world;
  const channels = publicChannels(state).map((channel) => channelRow(channel, world));
  const direct = directChannel && channelRow(directChannel, world);
  const signature = JSON.stringify([me, route.home, workspaceName(state), state.bot, channels, direct]);
  const messagesLink = () => (direct ? [channelLink({ ...direct, name: "Messages" })] : []);
  const build = () => el("div", {},
    el("p", { class: "workspace" }, workspaceName(state)),
    section("Channels", channels.map(channelLink)),
    section("Apps", [homeLink(state.bot, route), ...messagesLink()]));
  keepChildren(nav, [{ key: "sidebar", signature, build }]);
}

/** All that an entry in the sidebar shows, as values. */
function channelRow(channel, { state, me, route }) {
  const current = channel.id === route.channel;
  const read = current ? Infinity : readUpTo(me, channel.id);
  const news = messagesIn(state, channel.id, me).filter(({ ts }) => Number(ts) > read);
  const calls = news.filter((message) => message.ephemeral || mentions(message, state, me)).length;
  return { id: channel.id, name: channel.name, current, unread: news.length > 0, calls };
}

function section(title, links) {
  const list = el("ul", { "aria-label": title }, links.map((link) => el("li", {}, link)));
  return el("div", { class: "sidebar-section" }, el("h2", {}, title), list);
}

function channelLink({ id, name, current, unread, calls }) {
  const attributes = { href: `#${id}`, "data-testid": `channel-${id}`, class: unread ? "unread" : null,
    "aria-current": current ? "page" : null };
  return el("a", attributes,
    el("span", { class: "hash", "aria-hidden": "true" }, isDirect({ id }) ? "✉" : "#"),
    el("span", { class: "name" }, name),
    unread && visuallyHidden(", unread"),
    calls > 0 && el("span", { class: "badge" }, String(calls), visuallyHidden(" for you")));
}

function homeLink(bot, route) {
  const current = route.home ? "page" : null;
  return el("a", { href: "#home", "data-testid": "home-link", "aria-current": current },
    avatar(bot.id, bot.name, "tiny"),
    el("span", { class: "name" }, bot.name), " ",
    el("span", { class: "faint" }, "Home"));
}
