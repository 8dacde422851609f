"use strict";
// Small things that a page cannot do alone: send forms with their mark, drop files, look after jobs, walk through cells.
(() => {
  const mark = document.querySelector("meta[name=mark]")?.content || "";
  const alertBox = document.getElementById("alert");
  const say = (text) => { alertBox.textContent = text; if (text) alertBox.scrollIntoView({ block: "nearest" }); };

  async function ask(path, options = {}) {
    let answer;
    try {
      answer = await fetch(path, { ...options, headers: { "X-Carbonacct": mark, ...options.headers } });
    } catch {
      throw new Error(document.body.dataset[await isReadable(options.body) ? "gone" : "unread"]);
    }
    const isRecord = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const content = isRecord ? await answer.json() : await answer.text();
    if (!answer.ok) throw new Error(content.message || document.body.dataset.gone);
    return content;
  }

  // A file that was moved, or that another program holds, looks as if nobody answered.
  async function isReadable(body) {
    if (!(body instanceof File)) return true;
    try {
      await body.arrayBuffer();
      return true;
    } catch {
      return false;
    }
  }

  function go(path) {
    const here = location.pathname + location.search;
    if (!path || path === here) location.reload();
    else location.assign(path);
  }

  // A page that comes again looks as before: that it was saved is said once.
  const SAVED = "carbonacct-saved";
  const saved = document.getElementById("saved");
  if (sessionStorage.getItem(SAVED) === location.pathname) saved.textContent = document.body.dataset.saved;
  sessionStorage.removeItem(SAVED);

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("form.send")) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form, event.submitter));
    const buttons = [...form.querySelectorAll("button")];
    buttons.forEach((one) => { one.disabled = true; });
    say("");
    saved.textContent = "";
    try {
      const next = (await ask(form.getAttribute("action"), { method: "POST", body: fields })).go;
      const place = (next || "").split("?")[0];
      if (place === location.pathname && !form.matches("[action='/language']")) sessionStorage.setItem(SAVED, place);
      go(next);
    } catch (error) {
      say(error.message);
    } finally {
      buttons.forEach((one) => { one.disabled = false; });
    }
  });

  // Enter that ends the choice of an input method sends no form.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.isComposing) event.preventDefault();
  });

  // What is written as another word is chosen by writing it.
  document.addEventListener("input", (event) => {
    const name = event.target.name || "";
    if (!name.startsWith("other-") || !event.target.value) return;
    const radio = document.querySelector(`input[name="word-${CSS.escape(name.slice(6))}"][value="other"]`);
    if (radio) radio.checked = true;
  });

  for (const place of document.querySelectorAll("[data-drop]")) {
    const input = place.querySelector("input[type=file]");
    const status = place.querySelector("[role=status]");
    const take = async (files) => {
      const failed = [];
      let last = "";
      say("");
      input.disabled = true;
      for (const file of files) {
        status.textContent = status.dataset.each.replace("{name}", file.name);
        try {
          last = (await ask(place.dataset.drop, { method: "POST", body: file, headers: { "X-Name": encodeURIComponent(file.name), "Content-Type": "application/octet-stream" } })).go;
        } catch (error) {
          // What a reader says names file, sheet and cell by itself.
          failed.push(error.message.includes(file.name) ? error.message : `${file.name}: ${error.message}`);
        }
      }
      status.textContent = "";
      input.disabled = false;
      input.value = "";
      if (failed.length) say(failed.join("\n"));
      else go(files.length === 1 ? last : "");
    };
    input.addEventListener("change", () => { if (input.files.length) take([...input.files]); });
    place.addEventListener("dragover", (event) => { event.preventDefault(); place.classList.add("over"); });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
    });
  }
  // A file that misses its place must not leave the page.
  for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());

  const load = async () => {
    for (const place of document.querySelectorAll("[data-load]")) {
      try {
        place.innerHTML = await ask(place.dataset.load);
      } catch (error) {
        place.textContent = error.message;
      }
    }
  };
  load();

  const job = document.querySelector("[data-job]:not([data-over])");
  if (job) {
    const look = async () => {
      try {
        const held = await ask(job.dataset.job);
        for (const one of job.querySelectorAll("[data-show]")) {
          one.textContent = held[one.dataset.show];
          if ("hidden" in one && one.dataset.show === "error") one.hidden = !held.error;
        }
        if (!held.over) { setTimeout(look, 700); return; }
        if (held.state === "done" && !held.refused.length) location.replace(held.go);
        else location.reload();
      } catch (error) {
        say(error.message);
        setTimeout(look, 3000);
      }
    };
    setTimeout(look, 300);
  }

  const grid = document.querySelector(".grid-sheet");
  if (grid) {
    const detail = document.querySelector(".detail");
    const words = JSON.parse(detail.dataset.words);
    const cells = [...grid.querySelectorAll("td[data-a]")];
    let chosen = null;
    const line = (name, text) => {
      const pair = document.createElement("div");
      const key = document.createElement("dt");
      const value = document.createElement("dd");
      key.textContent = name;
      value.textContent = text;
      pair.append(key, value);
      return pair;
    };
    const form = document.querySelector("form.correct");
    const fill = (cell) => {
      if (!form) return;
      form.hidden = false;
      form.elements.cell.value = cell.dataset.a;
      form.elements.shown.value = cell.dataset.a;
      form.elements.value.value = cell.textContent;
    };
    const choose = (cell, isAsked = true) => {
      if (chosen) { chosen.classList.remove("chosen"); chosen.tabIndex = -1; }
      chosen = cell;
      cell.tabIndex = 0;
      if (!isAsked) return;
      cell.classList.add("chosen");
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
      fill(cell);
      if (!cell.dataset.m) {
        const blank = document.createElement("p");
        blank.textContent = `${cell.dataset.a}: ${words.blank}`;
        detail.replaceChildren(blank);
        return;
      }
      const number = (name) => Number([...cell.classList].find((one) => one.startsWith(name) && one.length === 2)?.slice(1));
      const head = document.createElement("p");
      const bold = document.createElement("strong");
      bold.textContent = `${cell.dataset.a}: ${words.fates[number("f")]}`;
      head.append(bold, ` (${words.roles[number("r")]}) ${words.reasons[cell.dataset.r]}`);
      const list = document.createElement("dl");
      words.meanings[cell.dataset.m].forEach((text, at) => { if (text) list.append(line(words.keys[at], text)); });
      detail.replaceChildren(head, list);
    };
    cells.forEach((cell) => { cell.tabIndex = -1; });
    const first = grid.dataset.chosen && cells.find((cell) => cell.dataset.a === grid.dataset.chosen);
    if (first) choose(first);
    else if (cells.length) choose(cells[0], false);
    grid.addEventListener("click", (event) => {
      const cell = event.target.closest("td[data-a]");
      if (cell) choose(cell);
    });
    grid.addEventListener("focusin", (event) => {
      if (event.target.matches("td[data-a]") && event.target !== chosen) choose(event.target);
      else if (event.target === chosen && !chosen.classList.contains("chosen")) choose(chosen);
    });
    grid.addEventListener("keydown", (event) => {
      const from = event.target.closest("td[data-a]");
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!from || !step || event.target !== from) return;
      event.preventDefault();
      const rows = [...grid.tBodies[0].rows].filter((row) => !row.classList.contains("notes"));
      let row = rows.indexOf(from.parentElement);
      let column = from.cellIndex;
      for (;;) {
        row += step[0];
        column += step[1];
        const next = rows[row]?.cells[column];
        if (!next || column < 1) return;
        if (next.matches("td[data-a]")) { choose(next); return; }
      }
    });
  }
})();
