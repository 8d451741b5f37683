/**
 * Images, from this machine only. Slack fetches images through its own servers; this page does not use
 * the network, so a picture from elsewhere is a frame with its description and a link.
 */
import { el } from "./dom.js";
import { link, safeUrl } from "./links.js";

const HERE = new Set(["127.0.0.1", "localhost", location.hostname]);

export function image({ image_url: address = "", alt_text: alt = "" }) {
  const url = safeUrl(address);
  if (!url || !HERE.has(url.hostname)) return frame(address, alt);
  const picture = el("img", { src: url.href, alt, referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => picture.replaceWith(frame(address, alt)));
  return picture;
}

function frame(address, alt) {
  return el("span", { class: "image-frame", role: "img", "aria-label": alt, title: alt },
    safeUrl(address) ? link(address, alt) : alt);
}
