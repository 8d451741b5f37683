/** Times as Slack writes them. All of them come as seconds since 1970 (a message's `ts`, a date token). */

const LOCALE = "en-US";
const DAY = 86_400_000;

const formatter = (options) => {
  const format = new Intl.DateTimeFormat(LOCALE, options);
  return (date) => format.format(date);
};

const time = formatter({ hour: "numeric", minute: "2-digit" });
const timeWithSeconds = formatter({ hour: "numeric", minute: "2-digit", second: "2-digit" });
const short = formatter({ month: "short", day: "numeric", year: "numeric" });
const medium = formatter({ month: "long", day: "numeric", year: "numeric" });
const long = formatter({ weekday: "long", month: "long", day: "numeric", year: "numeric" });
const isoDay = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  .map((part) => String(part).padStart(2, "0")).join("-");

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate());
const daysAgo = (date) => Math.round((midnight(new Date()) - midnight(date)) / DAY);
const pretty = (otherwise) => (date) =>
  ({ 0: "today", 1: "yesterday", "-1": "tomorrow" })[daysAgo(date)] ?? otherwise(date);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

const AGO = [[31_536_000, "year"], [2_592_000, "month"], [86_400, "day"], [3600, "hour"], [60, "minute"]];

function ago(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const [size, unit] = AGO.find(([size]) => Math.abs(seconds) >= size) ?? [1, "second"];
  return new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" }).format(Math.trunc(seconds / size), unit);
}

const PLACEHOLDERS = {
  date_num: isoDay, date: medium, date_slash: formatter({ dateStyle: "short" }),
  date_short: short, date_long: long,
  date_pretty: pretty(medium), date_short_pretty: pretty(short), date_long_pretty: pretty(long),
  time, time_secs: timeWithSeconds, ago,
};

const dateOf = (seconds) => new Date(Number.parseFloat(seconds) * 1000);

/** `Posted {date_short} at {time}`, or null where Slack shows the fallback instead. */
export function fillDate(seconds, format) {
  const date = dateOf(seconds);
  const names = [...format.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const supported = names.length > 0 && names.every((name) => Object.hasOwn(PLACEHOLDERS, name));
  if (!supported || Number.isNaN(date.getTime())) return null;
  const filled = format.replace(/\{(\w+)\}/g, (_, name) => PLACEHOLDERS[name](date));
  return format.startsWith("{") ? capital(filled) : filled;
}

export const clockTime = (ts) => time(dateOf(ts));
export const fullTime = (ts) => `${long(dateOf(ts))} at ${timeWithSeconds(dateOf(ts))}`;
export const dayKey = (ts) => isoDay(dateOf(ts));

const dayAndMonth = formatter({ weekday: "long", month: "long", day: "numeric" });

/** The text of the divider between two days. */
export const dayName = (ts) => capital(pretty(dayAndMonth)(dateOf(ts)));

/** "today at 10:42 AM", for the last reply of a thread. */
export const dayAndTime = (ts) => `${pretty(dayAndMonth)(dateOf(ts))} at ${clockTime(ts)}`;
