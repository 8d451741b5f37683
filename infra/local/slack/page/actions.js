/** A person uses an element: ask back if the app wants that, show it is under way, tell what went wrong. */
import { confirmed, toast } from "./dialogs.js";

/**
 * Carry out *deed* (a promise of the server's answer) for *node*. Answers whether it went well; false
 * also when the person thought better of it, or when the last click is still under way.
 */
export async function use(node, { confirm, names, deed }) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (confirm && !(await confirmed(confirm, names))) return false;
  const answer = await busyWhile(node, deed);
  if (!answer.ok) toast(sentenceFor(answer.error));
  return answer.ok;
}

/** aria-busy and not `disabled`: a disabled button would lose the focus. */
export async function busyWhile(node, deed) {
  node.setAttribute("aria-busy", "true");
  try {
    return await deed();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** The server's sentences are shown as they are; Slack's error names get one of Slack's. */
export function sentenceFor(error) {
  if (!error) return "Something went wrong, and the server did not say what.";
  if (/\s/.test(error)) return error;
  if (error === "operation_timeout") return "The app is not responding. Try again? (operation_timeout)";
  return `The app answered with an error: ${error}`;
}
