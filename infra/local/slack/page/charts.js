/** data_visualization: a pie, bars, lines or areas as SVG, with a legend. */
import { el } from "./dom.js";
import { unknown } from "./unknown.js";

const SVG = "http://www.w3.org/2000/svg";
const COLORS = ["#1264a3", "#2bac76", "#e8912d", "#9b4dca", "#e01e5a", "#616061"];
const WIDTH = 480;
const HEIGHT = 220;
const PLOT = { left: 48, right: WIDTH - 8, top: 8, bottom: HEIGHT - 44 };
const STEPS = 4;

export function dataVisualization({ title, chart }) {
  if (!Object.hasOwn(CHARTS, chart.type)) return unknown("chart", chart.type);
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": spoken(title, chart) },
    ...CHARTS[chart.type](chart));
  return el("figure", {}, el("figcaption", {}, title), drawn, legend(chart));
}

const CHARTS = {
  pie,
  bar: (chart) => withAxes(chart, bars),
  line: (chart) => withAxes(chart, lines),
  area: (chart) => withAxes(chart, areas),
};

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}

const colorOf = (index) => COLORS[index % COLORS.length];

/** What the chart shows, for those who do not see it. */
function spoken(title, { type, segments, series }) {
  const points = (list) => list.map(({ label, value }) => `${label} ${value}`).join(", ");
  const words = segments ? points(segments) : series.map(({ name, data }) => `${name}: ${points(data)}`).join("; ");
  return `${title}, ${type} chart. ${words}`;
}

function legend({ segments, series }) {
  const total = segments?.reduce((sum, { value }) => sum + value, 0);
  const entries = segments
    ? segments.map(({ label, value }) => `${label} ${Math.round((100 * value) / total)} %`)
    : series.map(({ name }) => name);
  return el("ul", { class: "legend", "aria-hidden": "true" }, entries.map((entry, index) => legendEntry(entry, index)));
}

function legendEntry(entry, index) {
  const swatch = svg("svg", { viewBox: "0 0 10 10", width: 10, height: 10 },
    svg("rect", { width: 10, height: 10, rx: 2, fill: colorOf(index) }));
  return el("li", {}, swatch, entry);
}

// ---- pie -----------------------------------------------------------------------------------------

function pie({ segments }) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let begin = 0;
  return segments.map(({ value }, index) => {
    const end = begin + value / total;
    const shape = value === total ? fullCircle(index) : slice(begin, end, index);
    begin = end;
    return shape;
  });
}

const CENTER = { x: WIDTH / 2, y: HEIGHT / 2, r: HEIGHT / 2 - 8 };

const fullCircle = (index) => svg("circle", { cx: CENTER.x, cy: CENTER.y, r: CENTER.r, fill: colorOf(index) });

function slice(begin, end, index) {
  const large = end - begin > 0.5 ? 1 : 0;
  const d = `M${CENTER.x} ${CENTER.y} L${rim(begin)} A${CENTER.r} ${CENTER.r} 0 ${large} 1 ${rim(end)} Z`;
  return svg("path", { d, fill: colorOf(index), stroke: "#ffffff" });
}

function rim(part) {
  const angle = 2 * Math.PI * part - Math.PI / 2;
  return `${CENTER.x + CENTER.r * Math.cos(angle)} ${CENTER.y + CENTER.r * Math.sin(angle)}`;
}

// ---- bars, lines and areas -----------------------------------------------------------------------

function withAxes(chart, draw) {
  const { categories } = chart.axis_config;
  const scale = scaleOf(chart.series, categories.length);
  return [...grid(scale), ...axisLabels(chart.axis_config, scale), ...draw(chart.series, scale)];
}

/** From zero, whichever side of it the values are on. */
function scaleOf(series, count) {
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const least = Math.min(0, ...values);
  const most = Math.max(0, ...values);
  const range = most - least || 1;
  const column = (PLOT.right - PLOT.left) / count;
  const y = (value) => PLOT.bottom - ((value - least) / range) * (PLOT.bottom - PLOT.top);
  return { least, range, column, y, x: (index) => PLOT.left + column * (index + 0.5) };
}

function grid({ least, range, y }) {
  return Array.from({ length: STEPS + 1 }, (_, step) => least + (range * step) / STEPS).flatMap((value) => [
    svg("line", { x1: PLOT.left, x2: PLOT.right, y1: y(value), y2: y(value), class: "grid-line" }),
    svg("text", { x: PLOT.left - 6, y: y(value) + 4, "text-anchor": "end" }, String(Number(value.toPrecision(3)))),
  ]);
}

function axisLabels({ categories, x_label: below, y_label: beside }, { x }) {
  const labels = categories.map((category, index) =>
    svg("text", { x: x(index), y: PLOT.bottom + 16, "text-anchor": "middle" }, category));
  const middle = (PLOT.top + PLOT.bottom) / 2;
  const turned = { x: 10, y: middle, "text-anchor": "middle", transform: `rotate(-90 10 ${middle})` };
  if (below) labels.push(svg("text", { x: WIDTH / 2, y: HEIGHT - 8, "text-anchor": "middle" }, below));
  if (beside) labels.push(svg("text", turned, beside));
  return labels;
}

function bars(series, { column, y, x }) {
  const width = (column * 0.7) / series.length;
  return series.flatMap(({ data }, number) => data.map(({ value }, index) => {
    const left = x(index) - (width * series.length) / 2 + width * number;
    const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
    return svg("rect", { x: left, y: top, width, height: bottom - top, fill: colorOf(number) });
  }));
}

const along = (data, { x, y }) => data.map(({ value }, index) => `${x(index)} ${y(value)}`).join(" L");

function lines(series, scale) {
  return series.flatMap(({ data }, number) => [
    svg("path", { d: `M${along(data, scale)}`, fill: "none", stroke: colorOf(number), "stroke-width": 2 }),
    ...data.map(({ value }, index) =>
      svg("circle", { cx: scale.x(index), cy: scale.y(value), r: 3, fill: colorOf(number) })),
  ]);
}

function areas(series, scale) {
  const { x, y } = scale;
  const filled = series.map(({ data }, number) => {
    const d = `M${x(0)} ${y(0)} L${along(data, scale)} L${x(data.length - 1)} ${y(0)} Z`;
    return svg("path", { d, fill: colorOf(number), "fill-opacity": 0.3 });
  });
  return [...filled, ...lines(series, scale)];
}
