// The rows of a list as bars over the years: a picture of what was typed, and a way to change it. A bar leads to its row;
// dragged, or moved with the arrow keys, it changes the dates there. Without this script the rows say the same.
(() => {
  const MONTH = 30.44, DAY = 86400000, lang = document.documentElement.lang;
  const number = (year, month, day) => Date.UTC(year, month - 1, day) / DAY;

  // A date as somebody types it: {day, precise}, precise in "day", "month" or "year"; null for none.
  const read = (text) => {
    let found = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text.trim());
    if (found) return date(found[1], found[2], found[3]);
    found = /^(?:(\d{1,2})[./])?(\d{1,2})[./](\d{4})$/.exec(text.trim());
    return found && (lang !== "en" || !found[1]) ? date(found[3], found[2], found[1]) : null;
  };
  const date = (year, month, day) => (month > 12 || day > 31 ? null
    : { day: number(+year, month ? +month : 7, day ? +day : month ? 15 : 1), precise: day ? "day" : month ? "month" : "year" });
  const written = (day, precise) => {
    const iso = new Date(Math.round(day) * DAY).toISOString().slice(0, precise === "day" ? 10 : 7);
    const parts = iso.split("-").reverse();
    return lang === "de" ? parts.join(".") : lang === "it" ? parts.join("/") : iso;
  };

  class Timeline {
    constructor(picture) {
      this.picture = picture;
      this.listed = document.querySelector(`[data-rows="${picture.dataset.timeline}"]`);
      this.lanes = picture.querySelector(".lanes");
      this.listed.addEventListener("input", () => this.draw());
      new MutationObserver(() => this.draw()).observe(this.listed, { childList: true });
      this.draw();
    }

    entry(row, name) { return row.querySelector(`[name$=".${name}"]`); }

    rows() {
      return [...this.listed.children].map((row) => {
        const start = read(this.entry(row, "start").value), end = read(this.entry(row, "end").value);
        const what = ["as_written", "drug"].map((name) => this.entry(row, name)?.value).find(Boolean) || "";
        return { row, start, end, what, open: !end };
      }).filter((line) => line.start);
    }

    draw() {
      const lines = this.rows(), today = Date.now() / DAY;
      this.picture.hidden = lines.length === 0;
      if (!lines.length) return;
      this.from = Math.min(...lines.map((line) => line.start.day)) - 6 * MONTH;
      this.until = Math.max(today, ...lines.map((line) => (line.end || line.start).day)) + 2 * MONTH;
      const held = document.activeElement.closest?.(".bar")?.dataset.row;
      this.lanes.replaceChildren(...lines.map((line) => this.lane(line, today)), this.axis());
      if (held) this.lanes.querySelector(`[data-row="${held}"]`)?.focus();
    }

    place(day) { return `${(100 * (day - this.from)) / (this.until - this.from)}%`; }

    lane(line, today) {
      const lane = Object.assign(document.createElement("div"), { className: "lane" });
      const bar = Object.assign(document.createElement("button"), { type: "button", className: `bar${line.open ? " open" : ""}` });
      const last = line.end ? line.end.day : this.picture.dataset.open === "now" ? today : line.start.day;
      bar.style.left = this.place(line.start.day);
      bar.style.width = `${(100 * Math.max(last - line.start.day, 0)) / (this.until - this.from)}%`;
      bar.dataset.row = [...this.listed.children].indexOf(line.row);
      const title = line.row.querySelector("legend").textContent.trim();
      bar.setAttribute("aria-label", [title, line.what, written(line.start.day, line.start.precise), line.end && written(line.end.day, line.end.precise)].filter(Boolean).join(", "));
      bar.addEventListener("click", () => { if (!this.moved) this.entry(line.row, "start").focus(); });
      bar.addEventListener("keydown", (event) => this.key(event, line));
      bar.addEventListener("pointerdown", (event) => this.drag(event, bar, line));
      const name = Object.assign(document.createElement("span"), { className: "name", textContent: line.what || title });
      name.setAttribute("aria-hidden", "true");
      lane.append(name, bar);
      return lane;
    }

    axis() {
      const axis = Object.assign(document.createElement("div"), { className: "axis" });
      axis.setAttribute("aria-hidden", "true");
      const first = new Date(this.from * DAY).getUTCFullYear() + 1, last = new Date(this.until * DAY).getUTCFullYear();
      const step = Math.max(1, Math.ceil((last - first + 1) / 8));
      for (let year = first; year <= last; year += step) {
        const mark = Object.assign(document.createElement("span"), { textContent: year });
        mark.style.left = this.place(number(year, 1, 1));
        axis.append(mark);
      }
      return axis;
    }

    // Start, end, or both, later by some days; what was known to the month stays known to the month.
    move(line, days, which) {
      for (const name of ["start", "end"]) {
        if (!line[name] || (which !== "both" && which !== name)) continue;
        const day = line[name].day + days;
        if (name === "end" && day < line.start.day + (which === "both" ? days : 0)) continue;
        if (name === "start" && which === "start" && line.end && day > line.end.day) continue;
        this.entry(line.row, name).value = written(day, line[name].precise === "day" ? "day" : "month");
      }
      this.listed.dispatchEvent(new Event("input", { bubbles: true }));
    }

    key(event, line) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      this.move(line, by * MONTH, event.shiftKey ? "end" : "both");
    }

    drag(event, bar, line) {
      const box = bar.getBoundingClientRect(), x = event.clientX, edge = Math.min(8, box.width / 3);
      const which = line.end && box.width > 12 ? (x < box.left + edge ? "start" : x > box.right - edge ? "end" : "both") : "both";
      const per = (this.until - this.from) / this.lanes.clientWidth;
      const end = (up) => {
        removeEventListener("pointerup", end);
        const days = (up.clientX - x) * per;
        this.moved = Math.abs(up.clientX - x) > 3;
        if (this.moved) { this.move(line, days, which); setTimeout(() => { this.moved = false; }, 0); }
      };
      addEventListener("pointerup", end);
    }
  }

  document.querySelectorAll("[data-timeline]").forEach((picture) => new Timeline(picture));
})();
