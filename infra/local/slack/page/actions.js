/** A person uses an element: confirm if the app wants that, show progress, report errors. */
import { confirmed, toast } from "./dialogs.js";

/**
 * Perform *deed* (a promise of the server's answer) for *node*. Returns whether it succeeded; false
 * also when the person did not confirm, or when the last click is still in progress.
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
