/** The stand-in's /client endpoints: calls, and the state by long polling. Independent of the page. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
// The server answers a long poll within 20 s; silence well beyond that is a dead connection.
const POLL_PATIENCE = 40_000;

/** POST and answer the JSON. Never throws: what went wrong comes back as { ok: false, error }. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const asked = fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  const response = await asked.catch(() => null);
  if (!response) return failure("The local Slack server did not answer. Is it still running?");
  const broken = failure(`The local Slack server failed (HTTP ${response.status}). Its log says why.`);
  return response.json().catch(() => broken);
}

const failure = (error) => ({ ok: false, error });

export async function getState(after) {
  const query = after === null ? "" : `?after=${after}`;
  const response = await fetch(`/client/state${query}`, { signal: AbortSignal.timeout(POLL_PATIENCE) });
  if (!response.ok) throw new Error(`state: HTTP ${response.status}`);
  return response.json();
}

/**
 * Follow the state for ever: onState(state, anew) on every answer, onLost(ms until the next try) when
 * there is none. *anew* says that the connection was broken before: a restarted server counts from one.
 */
export async function follow({ onState, onLost }) {
  let after = null;
  let wait = FIRST_WAIT;
  for (;;) {
    const state = await getState(after).catch(() => null);
    if (state) {
      onState(state, after === null);
      [after, wait] = [state.revision, FIRST_WAIT];
    } else {
      onLost(wait);
      await new Promise((resolve) => setTimeout(resolve, wait));
      [after, wait] = [null, Math.min(wait * 2, LONGEST_WAIT)];
    }
  }
}
