/** Questions to the state that the server sends: who may see what, what belongs together, what is new. */

/** What ids are called, for one person (see mrkdwn.js), and which there are. */
export function namesFor(state, me) {
  const users = byId(state.users);
  const groups = byId(state.usergroups);
  const channels = byId(state.channels);
  return {
    people: state.users.map(({ id }) => id),
    places: publicChannels(state).map(({ id }) => id),
    user: (id) => nameOf(users.get(id) ?? (id === state.bot.id ? state.bot : { name: id })),
    usergroup: (id) => groups.get(id)?.handle ?? id,
    channel: (id) => channels.get(id)?.name ?? id,
    isMe: (kind, id) => kind === "broadcast" || id === me || Boolean(groups.get(id)?.users.includes(me)),
  };
}

export const nameOf = ({ real_name: realName, name }) => realName || name;
const byId = (list) => new Map(list.map((item) => [item.id, item]));

export const workspaceName = (state) => state.team?.name ?? "Local workspace";
export const userOf = (state, id) => state.users.find((user) => user.id === id);
export const isDirect = (channel) => channel.id.startsWith("D");

/** The channels everybody sees, in Slack's order. */
export function publicChannels(state) {
  return state.channels.filter((channel) => !isDirect(channel)).sort((a, b) => a.name.localeCompare(b.name));
}

/** The channel shown at first: the first one as the workspace lists them. */
export const firstChannel = (state) => state.channels.find((channel) => !isDirect(channel));

/** The person's own conversation with the app, if the app has ever written. */
export const directChannel = (state, me) => state.channels.find(({ id }) => id === `D${me.slice(1)}`);

export const visibleChannels = (state, me) =>
  [...publicChannels(state), directChannel(state, me)].filter(Boolean);

const byTime = (a, b) => a.ts.localeCompare(b.ts, "en", { numeric: true });
export const isReply = ({ ts, thread_ts: thread }) => Boolean(thread) && thread !== ts;

/** The messages of the channel itself for this person: those outside threads, and ephemeral ones. */
export function messagesIn(state, channel, me) {
  return everything(state, me).filter((each) => each.channel === channel && !isReply(each)).sort(byTime);
}

export function repliesTo(state, channel, ts, me) {
  return everything(state, me)
    .filter((each) => each.channel === channel && isReply(each) && each.thread_ts === ts).sort(byTime);
}

/** Every message, and the ephemeral ones that are for *me*. */
export function everything(state, me) {
  const whispers = state.ephemeral.filter(({ user }) => user === me);
  return [...state.messages, ...whispers.map((each) => ({ ...each, user: state.bot.id, ephemeral: true }))];
}

export const messageAt = (state, channel, ts) =>
  state.messages.find((each) => each.channel === channel && each.ts === ts);

/** Was the server restarted? A new one has none of the old messages; one may have been deleted. */
export const isAnotherWorld = (before, after) =>
  after.revision < before.revision ||
  (before.messages.length > 0 && before.messages.every(({ channel, ts }) => !messageAt(after, channel, ts)));

export const messageKey = ({ channel, ts }) => `${channel}/${ts}`;

/** Does the message call this person, by name or group? Asked of the JSON: mentions may be anywhere. */
export function mentions(message, state, me) {
  const ids = [me, ...state.usergroups.filter(({ users }) => users.includes(me)).map(({ id }) => id)];
  const json = JSON.stringify([message.text, message.blocks]);
  const signs = ids.flatMap((id) => [`<@${id}`, `<!subteam^${id}`, `_id":"${id}"`]);
  return signs.some((sign) => json.includes(sign));
}
