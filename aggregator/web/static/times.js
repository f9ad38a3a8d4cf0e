/* Times as the reader's clock has them: `<time datetime>`, and drawn labels with `data-at`.
 *
 * In the zone of <html data-zone>, else the browser's, which is named where `data-zone-name` stands; the exact time on
 * hover. `data-form="hour"` is a time of day, "clock" that or "12 min ago" while it is recent; all else is a day and a
 * time. A date without a time stays as it is.
 */
"use strict";

const Times = (() => {
  const RECENT_MINUTES = 6 * 60; // later, the time of day says more
  const root = document.documentElement;
  // Chromium says it speaks Kazakh, and calls November "M11": where it lacks the words, dates are figures.
  const hasWords = !/^M\d/.test(new Intl.DateTimeFormat(root.lang, { month: "long" }).format(0));
  const locale = !hasWords ? "de" : root.lang === "en" ? "en-GB" : root.lang;
  const timeZone = root.dataset.zone || undefined;
  const format = (parts) => new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...parts });
  const time = { hour: "2-digit", minute: "2-digit" };
  const figures = { day: "2-digit", month: "2-digit", year: "numeric" };
  const clock = format(time);
  const date = format({ ...(hasWords ? { ...figures, day: "numeric", month: "short" } : figures), ...time });
  const exact = format(hasWords ? { dateStyle: "full", timeStyle: "long" } : { ...figures, ...time, timeZoneName: "short" });
  const whole = format(hasWords ? { ...figures, day: "numeric", month: "long", weekday: "long" } : figures);
  const ago = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "auto" });

  let isOnPaper = false; // where nothing is "12 min ago" for long

  function inWords(at, form) {
    if (form === "hour") return clock.format(at);
    if (form !== "clock") return date.format(at);
    const minutes = Math.round((Date.now() - at) / 60000);
    if (isOnPaper || !hasWords || minutes < 0 || minutes >= RECENT_MINUTES) return clock.format(at);
    if (!minutes) return ago.format(0, "second"); // "now"
    return minutes < 60 ? ago.format(-minutes, "minute") : ago.format(-Math.floor(minutes / 60), "hour");
  }

  function show(within = document) {
    for (const element of within.querySelectorAll("time[datetime*=T], [data-at]")) {
      const at = new Date(element.getAttribute("datetime") ?? element.dataset.at);
      if (Number.isNaN(at.valueOf())) continue;
      const words = inWords(at, element.dataset.form);
      if (element.textContent !== words) element.textContent = words;
      if (element.tagName === "TIME") element.title = exact.format(at);
    }
  }

  const zone = clock.resolvedOptions().timeZone;
  for (const name of document.querySelectorAll("[data-zone-name]")) name.textContent = zone;
  show();
  setInterval(() => document.hidden || show(), 60000);
  document.addEventListener("visibilitychange", () => document.hidden || show());
  for (const [event, isPrinted] of [["beforeprint", true], ["afterprint", false]]) {
    addEventListener(event, () => {
      isOnPaper = isPrinted;
      show();
    });
  }
  return { show, day: (at) => whole.format(at) };
})();
