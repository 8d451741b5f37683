/** What the browser remembers: who you are, and how far you have read. Without storage, until you go. */

const fallback = new Map();

function recall(storage, key) {
  try {
    return storage().getItem(key);
  } catch {
    return fallback.get(key) ?? null;
  }
}

function remember(storage, key, value) {
  try {
    storage().setItem(key, value);
  } catch {
    fallback.set(key, value);
  }
}

const browser = () => localStorage;
const tab = () => sessionStorage;

/** A tab keeps its person, so that two tabs can be two people; a new tab starts with the last one chosen. */
export const rememberedPerson = () => recall(tab, "slack.person") ?? recall(browser, "slack.person");

export function rememberPerson(id) {
  remember(tab, "slack.person", id);
  remember(browser, "slack.person", id);
}

const readKey = (me, channel) => `slack.read.${me}.${channel}`;

export const readUpTo = (me, channel) => Number(recall(browser, readKey(me, channel)) ?? 0);

export function markRead(me, channel, ts) {
  if (Number(ts) > readUpTo(me, channel)) remember(browser, readKey(me, channel), ts);
}
