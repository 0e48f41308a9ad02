"use strict";
// The page is complete without this script; it adds filtering, sorting, zooming and the theme.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const find = document.getElementById("find");
const stack = document.getElementById("stack");
const rows = all("tbody tr").map((row) => ({ row, words: row.textContent.toLowerCase() }));

function filter() {
  const wanted = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = new Map(all("section").map((section) => [
    section, all('.chip[aria-pressed="true"]', section).map((chip) => chip.dataset.kind),
  ]));
  let shown = 0;
  for (const { row, words } of rows) {
    const chosen = row.closest(".matrix") ? [] : kinds.get(row.closest("section")) ?? [];
    const own = (row.dataset.kind ?? "").split(" ");
    const fits = wanted.every((word) => words.includes(word))
      && (!stack.value || row.dataset.stack === undefined || row.dataset.stack === "" || row.dataset.stack === stack.value)
      && (chosen.length === 0 || row.dataset.kind === undefined || row.dataset.kind === "" || chosen.some((kind) => own.includes(kind) || row.dataset.kind === kind));
    row.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  document.getElementById("found").textContent =
    wanted.length || stack.value ? `${shown} rows` : "";
}

for (const chip of all(".chip")) {
  chip.addEventListener("click", () => {
    chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
    filter();
  });
}
find.addEventListener("input", filter);
stack.addEventListener("change", filter);
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) {
    event.preventDefault();
    find.focus();
  } else if (event.key === "Escape" && event.target === find) {
    find.value = "";
    filter();
  }
});

// A link into a row that a filter hides shows it again.
function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.hidden) {
    find.value = "";
    stack.value = "";
    for (const chip of all(".chip")) chip.setAttribute("aria-pressed", "false");
    filter();
  }
  target.closest("details")?.setAttribute("open", "");
  target.scrollIntoView({ block: target.tagName === "TR" ? "center" : "start" });
}
addEventListener("hashchange", reveal);
if (location.hash) reveal();

// Sorting: by number where both cells begin with one, else by text.
for (const head of all(".rows thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = head.closest("table").tBodies[0];
    const value = (row) => row.cells[head.cellIndex].textContent.replace(/^[#$\s]+/, "").replace(/,(?=\d{3})/g, "");
    const compare = (a, b) => {
      const [x, y] = [parseFloat(a), parseFloat(b)];
      return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
    };
    const sorted = [...body.rows].sort((a, b) => compare(value(a), value(b)) * (up ? 1 : -1));
    body.append(...sorted);
  });
}

// Pictures: tabs by arrow keys, zoom by buttons or wheel with Ctrl, pan by dragging.
const tabs = all('[role="tab"]');
function choose(tab) {
  for (const other of tabs) {
    const on = other === tab;
    other.setAttribute("aria-selected", on);
    other.tabIndex = on ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).hidden = !on;
  }
}
tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    choose(next);
    next.focus();
  });
});
for (const svg of all("svg.graph")) {
  const whole = svg.getAttribute("viewBox").split(" ").map(Number);
  let view = [...whole];
  const show = () => svg.setAttribute("viewBox", view.join(" "));
  const zoom = (factor, px = 0.5, py = 0.5) => {
    const width = Math.min(Math.max(view[2] * factor, whole[2] / 20), whole[2] * 2);
    const scale = width / view[2];
    view = [view[0] + view[2] * (1 - scale) * px, view[1] + view[3] * (1 - scale) * py,
      width, view[3] * scale];
    show();
  };
  svg.zoomBy = { in: () => zoom(0.8), out: () => zoom(1.25), fit: () => { view = [...whole]; show(); } };
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Architecture; the list below the picture says the same");
  svg.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = svg.getBoundingClientRect();
    zoom(event.deltaY < 0 ? 0.88 : 1.14, (event.clientX - box.left) / box.width,
      (event.clientY - box.top) / box.height);
  }, { passive: false });
  let from = null;
  svg.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY, ...view]; });
  svg.addEventListener("pointermove", (event) => {
    if (!from || event.buttons === 0) return;
    const box = svg.getBoundingClientRect();
    const scale = Math.max(view[2] / box.width, view[3] / box.height);
    view[0] = from[2] - (event.clientX - from[0]) * scale;
    view[1] = from[3] - (event.clientY - from[1]) * scale;
    show();
  });
  addEventListener("pointerup", () => { from = null; });
}
for (const button of all("[data-zoom]")) {
  button.addEventListener("click", () => {
    button.closest(".canvas").querySelector(".panel:not([hidden]) svg").zoomBy[button.dataset.zoom]();
  });
}

// The section in view is marked in the navigation.
const links = new Map(all("nav a").map((link) => [link.hash.slice(1), link]));
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const link = links.get(entry.target.id);
    if (!entry.isIntersecting || !link) continue;
    for (const other of links.values()) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-20% 0px -70% 0px" });
for (const section of all("main section[id]")) seen.observe(section);

const theme = document.getElementById("theme");
theme.addEventListener("click", () => {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});
