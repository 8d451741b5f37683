/**
 * Building and keeping DOM nodes. Everything on the page is made here, out of nodes and never out of
 * markup, so that text from outside can only ever be text. Does not depend on Slack.
 */

/** `el("button", { class: "x", onclick: f, "aria-busy": true }, "text", node, null, [more])` */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.flat(Infinity).filter(isPresent));
  return node;
}

function setAttribute(node, name, value) {
  if (!isPresent(value)) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : value);
}

const isPresent = (value) => value !== null && value !== undefined && value !== false && value !== "";

export function visuallyHidden(text) {
  return el("span", { class: "visually-hidden" }, text);
}

export function iconButton(label, icon, attributes) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, ...attributes }, icon);
}

/**
 * Give *parent* these items as children, touching only those that are new or look different. What a
 * person is reading, has focused or has opened stays the same node while its surroundings change.
 *
 * An item is { key, signature, build }; build() is called only when the signature has changed.
 */
export function keepChildren(parent, items) {
  const kept = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  const wanted = items.map((item) => keepOrBuild(kept.get(item.key), item));
  wanted.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  while (parent.children.length > wanted.length) parent.lastElementChild.remove();
}

const signatures = new WeakMap();

function keepOrBuild(before, { key, signature, build }) {
  if (before && signatures.get(before) === signature) return before;
  const node = build();
  node.dataset.key = key;
  signatures.set(node, signature);
  if (before) keepingFocus(before, () => before.replaceWith(node));
  return node;
}

/** Do *change* (which may replace nodes inside *scope*) and put the focus back where it was. */
export function keepingFocus(scope, change) {
  const active = document.activeElement;
  const find = scope.contains(active) ? finderOf(active) : null;
  const selection = find && [active.selectionStart, active.selectionEnd];
  change();
  const again = find?.();
  if (!again || again === document.activeElement) return;
  again.focus({ preventScroll: true });
  if (again.setSelectionRange && selection[0] !== null) again.setSelectionRange(...selection);
}

/**
 * A function that finds *node*, or what has taken its place since: the element with the same hooks in
 * the same landmark and message; failing that, without the block id (apps change it with every update);
 * failing that, the message itself, so that the keyboard does not fall back to the top of the page.
 */
export function finderOf(node) {
  const landmark = node.closest("section[id], aside[id], nav[id], [role=dialog]");
  const message = node.closest("[data-ts]");
  const within = [landmark, message].filter((around) => around && around !== node).map(selectorOf).join(" ");
  const closest = [`${within} ${selectorOf(node)}`, `${within} ${selectorOf(node, "blockId")}`];
  const selectors = message ? [...closest, within] : closest;
  const find = () => selectors.map((each) => document.querySelector(each)).find(Boolean);
  return () => (node.isConnected ? node : find());
}

const HOOKS = ["testid", "blockId", "actionId", "ts"];

function selectorOf(node, without) {
  if (node.id) return `#${CSS.escape(node.id)}`;
  const hooks = HOOKS.filter((name) => name in node.dataset && name !== without);
  const parts = hooks.map((name) => `[data-${kebab(name)}="${CSS.escape(node.dataset[name])}"]`);
  return node.localName + parts.join("");
}

const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
