// One more row without another page: the last row of a list is copied, emptied and numbered on.
(() => {
  const numbered = (list) => new RegExp(`(${list.replace(/[.]/g, "\\$&")}\\[)(\\d+)(?=\\])|(-${list.replace(/[.]/g, "-")}-)(\\d+)`, "g");
  const names = (row) => [...row.querySelectorAll("[name]")].map((entry) => entry.name);
  const numbers = (row, list) => names(row).filter((name) => name.startsWith(`${list}[`)).map((name) => Number(name.slice(list.length + 1).split("]")[0]));

  const add = (listed) => {
    const list = listed.dataset.rows, last = listed.lastElementChild;
    const by = Math.max(...[...listed.children].flatMap((row) => numbers(row, list))) + 1 - Math.min(...numbers(last, list));
    const copy = document.createElement("template");
    copy.innerHTML = last.outerHTML.replace(numbered(list), (_, a, n, b, m) => (a || b) + (Number(n || m) + by));
    const row = copy.content.firstElementChild;
    row.querySelectorAll("input[type=text], select").forEach((entry) => { entry.value = ""; entry.removeAttribute("value"); entry.removeAttribute("aria-invalid"); });
    row.querySelectorAll("option[selected]").forEach((option) => option.removeAttribute("selected"));
    row.querySelectorAll(".remove, .told, .understood").forEach((element) => element.remove());
    row.querySelectorAll("input[name$='.with']").forEach((entry) => { entry.value = Number(entry.value) + by; });
    row.querySelectorAll(".wrong").forEach((element) => element.classList.remove("wrong"));
    row.classList.add("blank");
    row.querySelector(".number").textContent = listed.children.length + 1;
    listed.append(row);
    row.querySelector("input[type=text], select").focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do][value^='add:']");
    const listed = button && document.querySelector(`[data-rows="${button.value.slice(4)}"]`);
    if (!listed || listed.children.length > 60) return;
    event.preventDefault();
    add(listed);
  });
})();
