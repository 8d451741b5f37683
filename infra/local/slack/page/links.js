/** Addresses from outside: which may become links, and where they lead. */
import { el } from "./dom.js";
import { textNodes } from "./emoji.js";

const SAFE = new Set(["http:", "https:", "mailto:", "tel:"]);

/** *address* as a URL if a link may point there, else null. A javascript: address never may. */
export function safeUrl(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && SAFE.has(url.protocol) ? url : null;
}

/** A link, or its bare text when the address is not one to follow. */
export function link(address, label, attributes = {}) {
  const url = safeUrl(address);
  if (!url) return el("span", { class: "dead-link" }, textNodes(label));
  return el("a", { ...attributes, ...destination(url) }, textNodes(label || address));
}

/** href and target: permalinks of this workspace stay on the page, everything else opens beside it. */
export function destination(url) {
  const here = url.origin === location.origin ? placeOf(url) : null;
  return here ? { href: here } : { href: url.href, target: "_blank", rel: "noopener noreferrer" };
}

/** Slack's /archives/C1/p1700000000000100 as this page's #C1/p1700000000000100 */
function placeOf(url) {
  const permalink = url.pathname.match(/^\/archives\/(\w+(?:\/p\d+)?)$/);
  if (permalink) return `#${permalink[1]}`;
  return url.pathname === "/" && url.hash ? url.hash : null;
}
