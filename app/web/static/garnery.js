/* What needs a script: live numbers of a running harvest, the button that copies, filters that are
   closed on a small screen.
   Every page does its whole job without this file. */
"use strict";

(() => {
  const every = 2000, announceEvery = 10000;

  function live(box) {
    const bar = document.createElement("p");
    const button = document.createElement("button");
    const status = document.createElement("span");
    let paused = false, told = 0, timer = 0;
    bar.className = "updates";
    button.className = "small";
    button.type = "button";
    button.textContent = "Pause updates";
    status.className = "hidden";
    status.setAttribute("role", "status");
    bar.append(button, status);
    box.before(bar);
    document.querySelectorAll("[data-without-script]").forEach((part) => { part.hidden = true; });

    async function refresh() {
      timer = 0;
      if (!paused && !document.hidden) {
        try {
          const answer = await fetch(box.dataset.live, { headers: { Accept: "text/html" } });
          if (answer.ok) {
            box.innerHTML = await answer.text();
            announce();
            if (answer.headers.get("X-Harvest-State") === "ended") { bar.hidden = true; return; }
          }
        } catch { /* the next try may reach the hub again */ }
      }
      timer = setTimeout(refresh, every);
    }
    function announce() {
      const now = Date.now(), words = box.querySelector("[data-say]");
      if (words && now - told > announceEvery) { status.textContent = words.textContent; told = now; }
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
    const button = document.createElement("button");
    const status = document.createElement("span");
    button.className = "small";
    button.type = "button";
    button.textContent = "Copy";
    status.className = "hidden";
    status.setAttribute("role", "status");
    const part = box.querySelector("[data-text]");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText((part.value ?? part.textContent).trim());
      button.textContent = status.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; status.textContent = ""; }, 3000);
    });
    box.append(button, status);
    if (part.value !== undefined) part.closest("label").hidden = true;
  }

  if (window.matchMedia("(max-width: 767px)").matches) {
    document.querySelectorAll("[data-closed-if-narrow]").forEach((part) => { part.open = false; });
  }
  if (window.fetch) document.querySelectorAll("[data-live]").forEach(live);
  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(copy);
})();
