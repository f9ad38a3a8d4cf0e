/* Times as the reader's clock has them: `<time datetime>`, and drawn labels with `data-at`.
 *
 * In the zone of <html data-zone>, else the browser's; the exact time on hover. `data-form="clock"` is a time of day,
 * and "12 min ago" while it is recent; all else is a day and a time.
 */
"use strict";

const Times = (() => {
  const RECENT_MINUTES = 6 * 60; // later, the time of day says more
  const root = document.documentElement;
  const locale = root.lang === "en" ? "en-GB" : root.lang;
  const timeZone = root.dataset.zone || undefined;
  const format = (parts) => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...parts });
  const clock = format({ hour: "2-digit", minute: "2-digit" });
  const date = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
  const exact = format({ dateStyle: "full", timeStyle: "long" });
  const whole = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const ago = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "auto" });

  function inWords(at, form) {
    if (form !== "clock") return date.format(at);
    const minutes = Math.round((Date.now() - at) / 60000);
    if (minutes < 0 || minutes >= RECENT_MINUTES) return clock.format(at);
    if (!minutes) return ago.format(0, "second"); // "now"
    return minutes < 60 ? ago.format(-minutes, "minute") : ago.format(-Math.floor(minutes / 60), "hour");
  }

  function show(within = document) {
    for (const element of within.querySelectorAll("time[datetime], [data-at]")) {
      const at = new Date(element.getAttribute("datetime") ?? element.dataset.at);
      if (Number.isNaN(at.valueOf())) continue;
      const words = inWords(at, element.dataset.form);
      if (element.textContent !== words) element.textContent = words;
      if (element.tagName === "TIME") element.title = exact.format(at);
    }
  }

  const zoneName = document.querySelector("[data-zone-name]");
  if (zoneName) zoneName.textContent = clock.resolvedOptions().timeZone;
  show();
  setInterval(() => document.hidden || show(), 60000);
  document.addEventListener("visibilitychange", () => document.hidden || show());
  return { show, day: (at) => whole.format(at) };
})();
