/* Live numbers of a running harvest, buttons that copy, filters that are open on a wide screen and
   show more in their place. Every page does its whole job without this file. */
"use strict";

(() => {
  const every = 2000, announceEvery = 10000;
  const all = (selector) => document.querySelectorAll(selector);

  /* What is read out when its text changes. */
  function spoken() {
    const status = document.createElement("span");
    status.className = "hidden";
    status.setAttribute("role", "status");
    return status;
  }

  function small(text) {
    const button = document.createElement("button");
    button.className = "small";
    button.type = "button";
    button.textContent = text;
    return button;
  }

  function live(box) {
    const bar = document.createElement("p"), button = small("Pause updates"), status = spoken();
    let paused = false, told = 0, timer = 0, later = 0;
    bar.className = "updates";
    bar.append(button);
    box.before(bar, status);
    box.tabIndex = -1;
    all("[data-without-script]").forEach((part) => { part.hidden = true; });

    const places = () => [...box.querySelectorAll("a, summary, [tabindex]")];
    function put(text) {
      const focused = places().indexOf(document.activeElement);
      box.innerHTML = text;
      places()[focused]?.focus({ preventScroll: true });
    }
    async function refresh() {
      timer = 0;
      if (!paused && !document.hidden) {
        try {
          const answer = await fetch(box.dataset.live, { headers: { Accept: "text/html" } });
          if (answer.ok) {
            put(await answer.text());
            announce();
            if (answer.headers.get("X-Harvest-State") === "ended") {
              if (document.activeElement === button) box.focus();
              bar.hidden = true;
              return;
            }
          }
        } catch { }
      }
      timer = setTimeout(refresh, every);
    }
    function announce() {
      later ||= setTimeout(() => {
        later = 0;
        told = Date.now();
        status.textContent = box.querySelector("[data-say]")?.textContent;
      }, Math.max(0, told + announceEvery - Date.now()));
    }
    button.addEventListener("click", () => {
      paused = !paused;
      button.textContent = paused ? "Resume updates" : "Pause updates";
    });
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && timer) { clearTimeout(timer); refresh(); }
    });
    timer = setTimeout(refresh, every);
  }

  function copy(box) {
    const button = small("Copy"), status = spoken(), part = box.querySelector("[data-text]");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText((part.value ?? part.textContent).trim());
      button.textContent = status.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 3000);
    });
    box.append(button, status);
    if (part.value !== undefined) part.closest("label").hidden = true;
  }

  /* More of a facet comes into its place; the address stays as it is. Who chose by keyboard finds
     the focus there on the next page. */
  function facets(panel) {
    const key = "chosen", status = spoken();
    const called = (link) => link.closest(".facet").id + link.firstChild.textContent;
    panel.append(status);

    async function show(link, group) {
      const before = group.querySelectorAll("li").length;
      group.ariaBusy = "true";
      status.textContent = "Counting";
      try {
        const text = await (await fetch(link.href)).text();
        const made = new DOMParser().parseFromString(text, "text/html").getElementById(group.id);
        made.querySelectorAll("a").forEach((each) => {
          const to = new URL(each.href);
          to.searchParams.delete("facets");
          each.href = to;
        });
        group.replaceWith(made);
        made.open = true;
        const links = made.querySelectorAll("li a");
        (links[before] ?? links[0]).focus();
        status.textContent = `${links.length} values`;
      } catch { location = link.href; }
    }
    panel.addEventListener("click", (event) => {
      const link = event.target.closest("a"), group = link?.closest(".facet");
      if (!group || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if ("part" in link.dataset) {
        event.preventDefault();
        if (!group.ariaBusy) show(link, group);
      } else if (!event.detail) sessionStorage.setItem(key, called(link));
    });
    const name = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    if (name) [...panel.querySelectorAll("li a")].find((link) => called(link) === name)?.focus();
  }

  const wide = matchMedia("(min-width: 768px)").matches;
  if (wide) all("[data-open-if-wide]").forEach((part) => { part.open = true; });
  all("[data-facets]").forEach(facets);
  all("[data-live]").forEach(live);
  if (navigator.clipboard) all("[data-copy]").forEach(copy);
})();
