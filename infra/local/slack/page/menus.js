/** The small menu under an overflow button: arrows, Home, End, Escape, a click elsewhere. */
import { el } from "./dom.js";
import { destination } from "./links.js";

let close = () => {};

/** *choices*: [{ label, description, url, choose(button) }] */
export function openMenu(button, choices) {
  if (button.getAttribute("aria-expanded") === "true") return close();
  close();
  const menu = el("div", { class: "menu", role: "menu" }, choices.map((choice) => menuItem(choice, button)));
  menu.addEventListener("keydown", moveWith(menu));
  button.after(menu);
  button.setAttribute("aria-expanded", "true");
  close = closerOf(button, menu);
  document.addEventListener("pointerdown", outside(button, menu), true);
  keepInWindow(menu, button);
  menu.firstElementChild.focus();
}

function menuItem({ label, description, url, choose }, button) {
  const pick = () => {
    close();
    button.focus();
    choose(button);
  };
  const attributes = { role: "menuitem", class: "menu-item", tabindex: -1, onclick: pick };
  const words = [label, description && el("span", { class: "menu-description" }, description)];
  if (url) return el("a", { ...attributes, ...destination(url) }, words);
  return el("button", { ...attributes, type: "button" }, words);
}

function closerOf(button, menu) {
  return () => {
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    close = () => {};
  };
}

function outside(button, menu) {
  return function leave({ target }) {
    if (menu.isConnected && (menu.contains(target) || button.contains(target))) return;
    document.removeEventListener("pointerdown", leave, true);
    if (menu.isConnected) close();
  };
}

function moveWith(menu) {
  const items = [...menu.children];
  return (event) => {
    const index = items.indexOf(document.activeElement);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) items.at(next % items.length).focus();
    else if (event.key === "Escape" || event.key === "Tab") leaveByKey(menu);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

function leaveByKey(menu) {
  const button = menu.previousElementSibling;
  close();
  button.focus();
}

function keepInWindow(menu, button) {
  const { left, bottom } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const x = Math.max(8, Math.min(left, innerWidth - width - 8));
  const y = bottom + height + 12 > innerHeight ? button.getBoundingClientRect().top - height - 4 : bottom + 4;
  Object.assign(menu.style, { left: `${x}px`, top: `${y}px` });
}
