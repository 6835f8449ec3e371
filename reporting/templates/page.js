// The page is whole without this: it adds search, opens what a link leads to, and opens or closes everything.
"use strict";
(() => {
  const search = document.getElementById("search");
  const query = document.getElementById("query");
  const count = document.getElementById("count");
  const open = document.getElementById("open");
  const folds = [...document.querySelectorAll("details")];
  const blocks = [...document.querySelectorAll("main :is(section, article, figure, details, .block)")];
  const opened = new Set();
  let lines;

  const prepared = () => (lines ??= [...document.querySelectorAll("main .row, main .found")].map((element) => ({
    element,
    own: element.textContent.toLowerCase(),
    path: (element.id || element.closest("article")?.id || "").toLowerCase(),
    folds: folds.filter((fold) => fold.contains(element)),
  })));

  const unfold = (fold) => {
    if (fold.open) return;
    fold.open = true;
    opened.add(fold);
  };

  function find() {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let matches = 0;
    opened.forEach((fold) => { fold.open = false; });
    opened.clear();
    for (const line of prepared()) {
      const matched = words.every((word) => line.own.includes(word) || line.path.includes(word));
      line.element.hidden = !matched;
      matches += matched;
      if (matched && words.some((word) => line.own.includes(word))) line.folds.forEach(unfold);
    }
    for (const block of blocks) {
      block.hidden = words.length > 0 && !block.querySelector(":is(.row, .found):not([hidden])");
    }
    count.textContent = words.length ? `${matches.toLocaleString("en")} ${matches === 1 ? "match" : "matches"}` : "";
  }

  function show() {
    const target = document.getElementById(location.hash.slice(1)) ?? document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { query.value = ""; find(); }
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: "start" });
  }

  let waiting;
  query.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(find, 80); });
  search.addEventListener("submit", (event) => event.preventDefault());
  open.addEventListener("click", () => {
    const all = folds.every((fold) => fold.open);
    folds.forEach((fold) => { fold.open = !all; });
    open.textContent = all ? "Open everything" : "Close everything";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.ctrlKey && !event.metaKey && event.target !== query) {
      event.preventDefault();
      query.focus();
    } else if (event.key === "Escape" && event.target === query) {
      query.value = "";
      find();
    }
  });
  addEventListener("hashchange", show);
  search.hidden = false;
  if (location.hash) show();
})();
