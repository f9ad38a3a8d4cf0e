/* The desk made comfortable: days in the reader's zone, what is new since the last look, new stories as they come,
 * keys. Nothing is sent; what was seen is kept in this browser. All of it works on what the server's page holds.
 */
"use strict";

(() => {
  const POLL_MS = 60000;
  const SELECTIONS_KEPT = 50;
  const LOOKED = "aggregator.looked"; // selection -> when its newest story seen was first seen, by the server's clock
  const list = document.getElementById("stories");
  const form = document.querySelector("form.filters");
  const keys = document.getElementById("keys");
  const button = document.getElementById("arrivals");
  const title = document.title;
  const address = new URL(location.href);
  const isByTime = list?.classList.contains("by-time");
  const isFirst = !address.searchParams.has("after");

  const rows = (within = list) => [...(within?.querySelectorAll(".story") ?? [])];
  const seenAt = (row) => row.dataset.seen;

  /* ------------------------------------------------------------------ days */

  function groupByDay() {
    if (!isByTime) return;
    for (const heading of list.querySelectorAll(".day")) heading.remove();
    let last = "";
    for (const row of rows()) {
      const day = Times.day(new Date(row.querySelector("time").dateTime));
      if (day !== last) {
        const heading = document.createElement("h2");
        heading.className = "day";
        heading.textContent = last = day;
        row.before(heading);
      }
    }
  }

  /* --------------------------------------------------- new since you looked */

  const looks = () => {
    try {
      return new Map(JSON.parse(localStorage.getItem(LOOKED) ?? "[]"));
    } catch {
      return new Map(); // refused by the browser, or not ours
    }
  };

  const newest = () => rows().map(seenAt).sort().at(-1);
  const lastLook = () => looks().get(list.dataset.selection);
  let since = list && (lastLook() ?? newest()); // at the first look nothing is new

  function keepLook() {
    const kept = looks();
    const before = kept.get(list.dataset.selection) ?? "";
    kept.delete(list.dataset.selection); // the latest used stand last
    kept.set(list.dataset.selection, newest() > before ? newest() : before);
    try {
      localStorage.setItem(LOOKED, JSON.stringify([...kept].slice(-SELECTIONS_KEPT)));
    } catch {
      /* refused by the browser: then nothing is new */
    }
  }

  function markNew() {
    for (const row of rows()) {
      const isNew = seenAt(row) > since;
      const mark = row.querySelector(".mark.new");
      if (!isNew) mark?.remove();
      if (isNew && !mark) {
        const made = document.createElement("span");
        made.className = "mark new";
        made.textContent = list.dataset.new;
        row.querySelector("h3").prepend(made, " ");
      }
    }
    countInTitle();
  }

  function countInTitle() {
    const count = list.querySelectorAll(".mark.new").length + arrivals.length;
    document.title = count ? `(${count}) ${title}` : title;
  }

  /* ------------------------------------------------------- stories that come */

  let arrivals = []; // rows that are not on the page yet
  let fresh = []; // all rows of the server's present page
  let tag = null;

  async function poll() {
    if (document.hidden) return;
    const response = await fetch(address, { cache: "no-cache" }).catch(() => null);
    if (!response?.ok || response.headers.get("etag") === tag) return;
    tag = response.headers.get("etag");
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    fresh = rows(page.getElementById("stories"));
    if (!list) return fresh.length && location.reload();
    arrivals = fresh.filter((row) => !document.getElementById(row.id));
    inPlace(renew);
    announce();
  }

  /* Rows become what they are now; those withdrawn or joined go. */
  function renew() {
    const present = new Map(fresh.map((row) => [row.id, row]));
    const oldest = fresh.at(-1);
    for (const row of rows().filter((each) => !isInUse(each))) {
      const now = present.get(row.id);
      if (now) row.replaceWith(document.importNode(now, true));
      else if (isByTime && oldest && timeOf(row) > timeOf(oldest)) row.remove();
    }
  }

  function insert() {
    let last = null; // behind which the next one belongs
    for (const row of fresh) {
      let own = document.getElementById(row.id);
      if (!own) {
        own = document.importNode(row, true);
        if (last) last.after(own);
        else rows()[0].before(own);
      }
      last = own;
    }
    arrivals = [];
  }

  function announce() {
    button.hidden = !arrivals.length;
    const category = new Intl.PluralRules(document.documentElement.lang).select(arrivals.length);
    const words = list.dataset[category] ?? list.dataset.many;
    button.textContent = arrivals.length ? words.replace(/\d+/, arrivals.length) : "";
    countInTitle();
  }

  const timeOf = (row) => row.querySelector("time").dateTime;
  const isInUse = (row) => row.querySelector("details").open || row.matches(":focus-within, :hover");

  /* Changes the list while what is read stays where it is: the row in use, else, below the list's top, the first in sight. */
  function inPlace(change) {
    const used = current() ?? rows().find((row) => row.querySelector("details").open);
    const isAtTop = list.getBoundingClientRect().top >= 0;
    const inSight = rows().find((row) => row.getBoundingClientRect().bottom > 0);
    const fixed = used ?? (isAtTop ? null : inSight);
    const id = fixed?.id;
    const before = fixed?.getBoundingClientRect().top;
    change();
    Times.show(list);
    groupByDay();
    markNew();
    const after = id && document.getElementById(id)?.getBoundingClientRect().top;
    if (after !== undefined && id) scrollBy({ top: after - before, behavior: "instant" });
  }

  /* ------------------------------------------------------------------- keys */

  const current = () => document.activeElement?.closest(".story");

  function step(by) {
    const all = rows();
    const at = all.indexOf(current());
    const inSight = all.findIndex((row) => row.getBoundingClientRect().top >= 0);
    const row = all[at < 0 ? Math.max(inSight, 0) : at + by];
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    const link = current()?.querySelector("a.report");
    if (link) window.open(link.href, "_blank", "noopener,noreferrer");
  }

  function toggle() {
    const details = current()?.querySelector("details");
    if (!details) return;
    details.open = !details.open;
    current().scrollIntoView({ block: "nearest" });
  }

  function leave() {
    if (document.activeElement?.matches("input, select")) document.activeElement.blur();
    else if (current()?.querySelector("details").open) toggle();
    else document.activeElement?.blur();
  }

  const ACTIONS = {
    j: () => step(1),
    k: () => step(-1),
    o: open,
    x: toggle,
    "/": () => form.elements.q.select(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open) return;
    if (event.key === "Escape") return leave();
    const target = event.target;
    if (target.matches("input, select, textarea") || target.isContentEditable) return;
    const isRow = target.matches(".story");
    const action = event.key === "Enter" ? isRow && open : Object.hasOwn(ACTIONS, event.key) && ACTIONS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  /* ------------------------------------------------------------------ begin */

  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
  if (matchMedia("(max-width: 40rem)").matches) form.querySelector("details").open = false;
  const showKeys = document.getElementById("show-keys");
  showKeys.hidden = false;
  showKeys.addEventListener("click", () => keys.showModal());
  if (isFirst) setInterval(poll, POLL_MS);
  if (!list) return;

  groupByDay();
  markNew();
  if (!isFirst) return;
  button.addEventListener("click", () => {
    inPlace(insert);
    announce();
  });
  addEventListener("pagehide", keepLook);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return keepLook();
    since = lastLook() ?? since;
    markNew();
    return poll();
  });
})();
