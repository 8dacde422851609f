(() => {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const dialog = document.getElementById("trace");
  const bodies = [...document.querySelectorAll(".body")];
  const words = (part) => data.words[root.dataset.lang][part];
  const name = (entry) => entry[root.dataset.lang === "zh" ? 1 : 2];
  const number = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 3 });

  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const row = (cells, head) => {
    const line = make("tr");
    cells.forEach((cell, i) => {
      const box = make(head || i === 0 ? "th" : "td", typeof cell === "object" ? undefined : cell);
      if (head || i === 0) box.scope = head ? "col" : "row";
      if (typeof cell === "object") { box.append(cell); box.className = "number"; }
      line.append(box);
    });
    return line;
  };
  const table = (heads, lines) => {
    const whole = make("table"), top = make("thead"), rest = make("tbody");
    top.append(row(heads, true));
    rest.append(...lines);
    whole.append(top, rest);
    const scroll = make("div", undefined, "scroll");
    scroll.append(whole);
    return scroll;
  };

  // Which language, area and year show; the address keeps them, so that a link or a print can name them.
  const state = { lang: root.dataset.lang, pick: document.querySelector("main").dataset.chosen };
  const show = () => {
    root.dataset.lang = state.lang;
    root.lang = state.lang === "zh" ? "zh-Hans" : "en";
    document.title = bodies.find((body) => body.dataset.body === state.lang).dataset.title;
    const [area, year] = state.pick.split(".");
    document.querySelectorAll(".pick").forEach((part) => part.classList.toggle("chosen", [area, state.pick].includes(part.dataset.k)));
    document.querySelectorAll("select.area").forEach((list) => { list.value = area; });
    document.querySelectorAll("select.year").forEach((list) => {
      list.replaceChildren(...JSON.parse(list.dataset.years)[area].map((one) => new Option(one, one)));
      list.value = year;
    });
  };
  const remember = () => { show(); history.replaceState(null, "", `#lang=${state.lang}&show=${state.pick}`); };
  const recall = () => {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (["zh", "en"].includes(asked.get("lang"))) state.lang = asked.get("lang");
    const parts = [...document.querySelectorAll(".pick")].map((part) => part.dataset.k);
    if (parts.includes(asked.get("show"))) state.pick = asked.get("show");
    show();
  };
  document.addEventListener("change", ({ target }) => {
    const [area, year] = state.pick.split(".");
    if (target.matches("select.year")) state.pick = `${area}.${target.value}`;
    else if (target.matches("select.area")) {
      const years = JSON.parse(document.querySelector("select.year").dataset.years)[target.value];
      state.pick = `${target.value}.${years.map(String).includes(year) ? year : years.at(-1)}`;
    } else return;
    remember();
  });
  addEventListener("hashchange", recall);

  // The way back from a number.
  const fields = { a: (c) => c[0], y: (c) => c[1], f: (c) => data.flows[c[2]][0], p: (c) => data.products[c[3]][0],
    g: (c) => data.gases[c[4]][0], t: (c) => data.flows[c[2]][3], s: (c) => data.products[c[3]][3] };
  const title = (cell) => `${data.areas[cell[0]]} ${cell[1]} · ${name(data.flows[cell[2]])} · ${name(data.products[cell[3]])}`;

  const open = (heading, parts) => {
    const say = words("trace"), text = document.getElementById("trace-text");
    const close = make("button", words("page").close, "close");
    close.type = "button";
    close.addEventListener("click", () => dialog.close());
    const top = make("h2", heading);
    top.id = "trace-title";
    text.replaceChildren(close, top, make("p", say.trace, "unseen"), ...parts);
    dialog.lang = root.lang;
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  };
  const openCell = (index, sum) => {
    const say = words("trace"), cell = data.cells[index];
    const [, , , , gas, value, printed, where, formula, factors] = cell;
    const facts = table([say.activity, say.cell], where.map((place, i) => row([i === 0 ? printed : "", place])));
    facts.querySelectorAll("td").forEach((box) => box.classList.add("place"));
    const parts = [make("p", `${say.emissions_of}: ${number(value)} t ${data.gases[gas][1]}`), make("p", formula, "formula"), facts];
    if (factors.length) {
      parts.push(make("h3", say.factors), table([say.parameter, say.published, say.item, say.document, say.status, say.line], factors.map((i) => {
        const [parameter, published, item, zh, en, edition, place, page, status, note, line] = data.factors[i];
        const document_ = [root.dataset.lang === "zh" ? zh : en, edition, place, page && `${say.p} ${page}`].filter(Boolean).join(", ");
        return row([words("parameter")[parameter] || parameter, published, note ? `${item} (${note})` : item, document_, words("status")[status] || status, line]);
      })));
    } else if (value === 0) parts.push(make("p", say.direct));
    if (sum) {
      const back = make("button", say.back, "n");
      back.type = "button";
      back.addEventListener("click", () => openSum(sum));
      parts.push(back);
    }
    open(title(cell), parts);
  };
  const openSum = (filter) => {
    const keys = Object.entries(filter);
    const found = data.cells.map((cell, i) => [cell, i]).filter(([cell]) => keys.every(([key, value]) => fields[key](cell) === value));
    found.sort(([one], [other]) => other[5] - one[5]);
    const total = found.reduce((sum, [cell]) => sum + cell[5], 0);
    const say = words("trace"), unit = `t ${data.gases.find(([gas]) => gas === filter.g)?.[1]}`;
    const lines = found.map(([cell, i]) => {
      const link = make("button", number(cell[5]), "n");
      link.type = "button";
      link.addEventListener("click", () => openCell(i, filter));
      return row([`${name(data.flows[cell[2]])} · ${name(data.products[cell[3]])}`, link]);
    });
    const heading = make("p", `${say.sum_of.replace("{count}", found.length)} = ${number(total)} ${unit}`, "formula");
    heading.dataset.total = total;
    open(`${data.areas[filter.a]} ${filter.y}`, found.length ? [heading, table([say.what, unit], lines)] : [make("p", say.nothing)]);
  };
  document.addEventListener("click", (event) => {
    const { target } = event;
    if (target.matches(".switch")) {
      state.lang = state.lang === "zh" ? "en" : "zh";
      remember();
      document.querySelector(`[data-body="${state.lang}"] .switch`).focus();
    } else if (target.dataset.c) openCell(Number(target.dataset.c));
    else if (target.dataset.s) openSum(JSON.parse(target.dataset.s));
    else if (target === dialog) dialog.close();
  });
  recall();
})();
