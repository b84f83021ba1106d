// Nothing that was typed is lost: neither by Back or reload, nor when the program was stopped, nor by closing the window.
// What is typed stays in this tab (sessionStorage) until the tab is closed; in the browser (localStorage) only for whoever
// asked for it. Without this script everything works; then the browser asks before it sends a form again.
(() => {
  const TAB = "trabecula.typed", ASKED = "trabecula.autosave", SAVED = "trabecula.saved";
  const form = document.querySelector("form[data-keep]");
  const read = (store, key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  const write = (store, key, value) => { try { store.setItem(key, JSON.stringify(value)); } catch { /* full, or not allowed */ } };
  let changed = false, sending = false;

  const draft = () => ({ at: location.pathname, when: Date.now(), fields: [...new FormData(form)].filter(([, text]) => typeof text === "string") });
  const keep = () => {
    write(sessionStorage, TAB, draft());
    if (localStorage.getItem(ASKED)) write(localStorage, SAVED, draft());
  };

  // Typed but not sent: the same page, asked for again, shows it again.
  const refill = (typed) => {
    for (const [name, text] of typed.fields) {
      const entry = [...form.elements].find((element) => element.name === name && element.type !== "hidden" && element.type !== "submit");
      if (entry && entry.value !== text) { entry.value = text; changed = true; }
    }
  };

  if (form) {
    const arrived = performance.getEntriesByType("navigation")[0], typed = read(sessionStorage, TAB);
    if (typed && typed.at === location.pathname && arrived && arrived.type !== "navigate") refill(typed);
    let waiting;
    form.addEventListener("input", () => { changed = true; clearTimeout(waiting); waiting = setTimeout(keep, 200); });
    form.addEventListener("change", keep);
    if (localStorage.getItem(ASKED)) write(localStorage, SAVED, draft());
    addEventListener("pagehide", () => { if (changed && !sending) keep(); });
    addEventListener("beforeunload", (event) => { if (changed && !sending) event.preventDefault(); });

    // Before a form goes: is anybody there? A page that stays loses nothing.
    form.addEventListener("submit", async (event) => {
      if (sending) return;
      event.preventDefault();
      const by = event.submitter;
      keep();
      try {
        await fetch("/static/icon.svg", { method: "HEAD", cache: "no-store" });
      } catch {
        const said = document.getElementById("unreachable").content.cloneNode(true);
        form.querySelectorAll("[data-unreachable]").forEach((element) => element.remove());
        said.firstElementChild.dataset.unreachable = "";
        form.querySelector(".go").before(said);
        return;
      }
      sending = true;
      form.requestSubmit(by);
    });

    const wish = document.getElementById("autosave");
    if (wish) {
      document.querySelectorAll("[data-script]").forEach((element) => { element.hidden = false; });
      wish.checked = Boolean(localStorage.getItem(ASKED));
      wish.addEventListener("change", () => {
        if (wish.checked) { localStorage.setItem(ASKED, "yes"); keep(); } else { localStorage.removeItem(ASKED); localStorage.removeItem(SAVED); }
      });
    }
  }

  // A record that was left unfinished, offered where somebody begins, or where a page is gone.
  const offer = document.getElementById("resume"), gone = Boolean(document.querySelector("[data-gone]"));
  const left = offer && ((gone && read(sessionStorage, TAB)) || read(localStorage, SAVED));
  if (left) {
    offer.hidden = false;
    document.getElementById("resume-when").textContent = new Date(left.when).toLocaleString(document.documentElement.lang);
    const way = offer.querySelector("form");
    const step = (left.fields.find(([name]) => name === "step") || [])[1];
    for (const [name, text] of [...left.fields, ["do", step ? `go:${step}` : "go:review"]]) {
      if (name === "page") continue;
      way.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: text }));
    }
    document.getElementById("resume-delete").addEventListener("click", () => {
      sessionStorage.removeItem(TAB); localStorage.removeItem(SAVED); offer.hidden = true;
    });
  }

  // What takes longer says so.
  const busy = document.getElementById("busy");
  let soon;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.hasAttribute("hx-post") || (event.submitter && event.submitter.formAction.includes("/download/"))) return;
    clearTimeout(soon);
    soon = setTimeout(() => { busy.textContent = busy.dataset.words; }, 500);
  });
  addEventListener("pageshow", () => { clearTimeout(soon); busy.textContent = ""; sending = false; });
})();
