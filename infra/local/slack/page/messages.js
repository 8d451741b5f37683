/** Messages to DOM: who, when, the blocks, the link to the thread; and the list of them. */
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { clockTime, dayAndTime, dayKey, dayName, fullTime } from "./dates.js";
import { el, keepChildren } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { messageKey, nameOf, repliesTo, userOf } from "./state.js";

/**
 * Fill *list* with *items* (see dayLines, messageItem). Scrolls to the newest message for people who
 * were at the end; those who had scrolled up stay where they are.
 */
export function fillList(list, items, { jump }) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  keepChildren(list, items);
  if (jump || atEnd) list.scrollTop = list.scrollHeight;
}

/** Messages with a divider wherever a new day begins. */
export function withDayLines(messages, itemOf) {
  return messages.flatMap((message, index) => {
    const day = dayKey(message.ts);
    const isNew = index === 0 || day !== dayKey(messages[index - 1].ts);
    return isNew ? [dayLine(day, message.ts), itemOf(message)] : [itemOf(message)];
  });
}

function dayLine(day, ts) {
  const name = dayName(ts);
  const attributes = { class: "day-line", role: "separator", "aria-label": name };
  const build = () => el("div", attributes, el("span", {}, name));
  return { key: `day/${day}`, signature: name, build };
}

/** A keepChildren item; *world* is { state, me, names, click }. With *inThread* no link to the thread. */
export function messageItem(message, world, { inThread = false } = {}) {
  const { state, me } = world;
  const replies = inThread ? [] : repliesTo(state, message.channel, message.ts, me).filter(isPublic);
  const signature = JSON.stringify([message, me, replies.length, replies.at(-1)?.ts]);
  return { key: messageKey(message), signature, build: () => messageNode(message, replies, world) };
}

/** Ephemeral messages are shown in a thread but not counted, as in Slack: they alone make none. */
export const isPublic = ({ ephemeral }) => !ephemeral;

function messageNode(message, replies, world) {
  const author = authorOf(message, world.state);
  const attributes = {
    class: message.ephemeral ? "message ephemeral" : "message",
    "data-testid": message.ephemeral ? "ephemeral" : "message",
    "data-ts": message.ts,
    "data-channel": message.channel,
    "aria-label": `${author.name}, ${clockTime(message.ts)}`,
    tabindex: -1,
  };
  return el("article", attributes, avatar(author.id, author.name),
    el("div", { class: "message-body" },
      message.ephemeral && el("p", { class: "whisper-note" }, "Only visible to you"),
      byline(message, author),
      content(message, world),
      message.edited && el("p", { class: "edited" }, "(edited)"),
      replies.length > 0 && threadLink(message, replies, world.state)));
}

function authorOf(message, state) {
  const user = userOf(state, message.user);
  return user ? { id: user.id, name: nameOf(user) } : { ...state.bot, isApp: true };
}

function byline({ ts }, author) {
  return el("p", { class: "byline" },
    el("strong", { class: "author" }, author.name),
    author.isApp && el("span", { class: "app-badge" }, "APP"),
    el("time", { title: fullTime(ts) }, clockTime(ts)));
}

/** Blocks if there are any; the text is then only what notifications say. */
function content(message, world) {
  if (message.blocks?.length) return drawBlocks(message.blocks, messageSurface(message, world));
  return el("div", { class: "block text" }, mrkdwn(message.text ?? "", world.names));
}

function messageSurface({ channel, ts }, { names, click }) {
  const act = (node, element, block, choice) => click(node, element, block, choice, { channel, ts });
  return { names, act };
}

function threadLink({ channel, ts }, replies, state) {
  const authors = new Map(replies.map((reply) => authorOf(reply, state)).map(({ id, name }) => [id, name]));
  const faces = [...authors].slice(0, 5).map(([id, name]) => avatar(id, name, "small"));
  const count = `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`;
  return el("p", { class: "thread-link" }, faces,
    el("a", { href: `#${channel}/${ts}`, "data-testid": "replies" }, count),
    el("span", {}, `Last reply ${dayAndTime(replies.at(-1).ts)}`));
}
