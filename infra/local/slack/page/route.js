/**
 * Where the person is, from the address: #home; #C123 for a channel; #C123/1700000000.000100 with a
 * thread; #C123/p1700000000000100 for a permalink, which points at one message.
 */
import { firstChannel, isReply, messageAt, visibleChannels } from "./state.js";

/** { home } or { channel, thread, target }; an unknown address leads to the first channel. */
export function routeOf(hash, state, me) {
  const [place, spot = ""] = hash.slice(1).split("/");
  if (place === "home") return { home: true };
  const known = visibleChannels(state, me).some(({ id }) => id === place);
  if (!known) return { channel: firstChannel(state)?.id };
  const [, seconds, micros] = spot.match(/^p(\d+)(\d{6})$/) ?? [];
  return seconds ? spotOf(place, `${seconds}.${micros}`, "", state) : spotOf(place, spot, spot, state);
}

/** A reply is found in its thread, whichever way one was sent to it. */
function spotOf(channel, ts, thread, state) {
  const message = messageAt(state, channel, ts);
  if (message && isReply(message)) return { channel, thread: message.thread_ts, target: ts };
  return { channel, thread, target: thread ? null : ts };
}

let pointedAt = null;

/** Bring the message of a permalink into view, once for each visit. */
export function pointAt({ target }) {
  if (pointedAt === location.hash) return;
  pointedAt = location.hash;
  document.querySelectorAll(".message.target").forEach((node) => node.classList.remove("target"));
  const nodes = target ? [...document.querySelectorAll(`.message[data-ts="${target}"]`)] : [];
  nodes.at(-1)?.scrollIntoView({ block: "center" });
  nodes.at(-1)?.classList.add("target");
}
