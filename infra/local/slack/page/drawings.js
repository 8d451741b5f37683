/** A few emoji as drawings, 16 by 16, for machines that have no font for them. */

const tile = (fill) => ["rect", { x: 1, y: 1, width: 14, height: 14, rx: 3, fill }];
const area = (d, fill) => ["path", { d, fill }];
const box = (x, y, width, height, fill) => ["rect", { x, y, width, height, rx: 1.5, fill }];
const dot = (cx, cy, r, fill) => ["circle", { cx, cy, r, fill }];
const disc = (fill) => dot(8, 8, 6.5, fill);
const ROUND = { "stroke-linecap": "round", "stroke-linejoin": "round" };
const line = (d, stroke, width = 2) => ["path", { d, stroke, fill: "none", "stroke-width": width, ...ROUND }];

const GREEN = "#2bac76";
const YELLOW = "#ecb22e";
const ORANGE = "#e8912d";
const RED = "#e01e5a";
const BLUE = "#1264a3";
const GREY = "#616061";
const WHITE = "#ffffff";

const hourglass = (sand) => [
  area("M4 2h8v2.5L9 8l3 3.5V14H4v-2.5L7 8 4 4.5z", sand),
  line("M3.5 2h9M3.5 14h9", "#8a6d3b", 1.6),
];

const DRAWINGS = new Map([
  ["✅", [tile(GREEN), line("M4.5 8.4l2.6 2.6 4.6-5.6", WHITE)]],
  ["❌", [line("M3.5 3.5l9 9M12.5 3.5l-9 9", RED, 2.6)]],
  ["⚠️", [area("M8 1.5L15 14H1z", YELLOW), line("M8 6v4M8 12v.1", "#1d1c1d", 1.5)]],
  ["🚨", [area("M3.5 12V8.5a4.5 4.5 0 0 1 9 0V12z", RED), box(2, 12, 12, 2.5, GREY), line("M8 1v1.2M2.6 3l.9.9M13.4 3l-.9.9", RED, 1.5)]],
  ["⛔", [disc(RED), line("M4.8 8h6.4", WHITE, 2.4)]],
  ["🚫", [disc(RED), dot(8, 8, 4.6, WHITE), line("M4 4l8 8", RED)]],
  ["⌛", hourglass("#d9c7a0")],
  ["⏳", hourglass(YELLOW)],
  ["🟢", [disc(GREEN)]],
  ["🟡", [disc(YELLOW)]],
  ["🟠", [disc(ORANGE)]],
  ["🔴", [disc(RED)]],
  ["🔵", [disc(BLUE)]],
  ["🔒", [box(3, 7, 10, 7.5, YELLOW), line("M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2", GREY, 1.6)]],
  ["↩️", [tile(BLUE), line("M6.5 4.5L4 7l2.5 2.5M4 7h5.5a2.2 2.2 0 0 1 0 4.5H7", WHITE, 1.5)]],
  ["🔄", [tile(BLUE), line("M4.5 7a3.7 3.7 0 0 1 6.6-1.6V3.5M11.5 9a3.7 3.7 0 0 1-6.6 1.6v1.9", WHITE)]],
  ["🚀", [
    area("M14.5 1.5C9.5 1.5 6.5 5 5.3 8.3l2.4 2.4c3.3-1.2 6.8-4.2 6.8-9.2z", "#5b6b7b"),
    dot(10.6, 5.4, 1.3, "#cfe8ff"),
    area("M4.6 10.2c-1.6.4-2.2 2-2.4 3.6 1.6-.2 3.2-.8 3.6-2.4z", ORANGE),
    line("M5 8.4l-2.2.4M7.6 11l-.4 2.2", RED, 1.6),
  ]],
]);

/** The characters that draw() can draw. */
export const DRAWN = new Set(DRAWINGS.keys());

const SVG = "http://www.w3.org/2000/svg";

export function draw(character) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  for (const [shape, attributes] of DRAWINGS.get(character)) {
    const part = svg.appendChild(document.createElementNS(SVG, shape));
    for (const [name, value] of Object.entries(attributes)) part.setAttribute(name, value);
  }
  return svg;
}
