(() => {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const dialog = document.getElementById("trace");
  const bodies = [...document.querySelectorAll(".body")];
  const words = (part) => data.words[root.dataset.lang][part];
  const name = (entry) => entry[root.dataset.lang === "zh" ? 1 : 2];
  const number = (value) => value.toLocaleString("en-US", Math.abs(value) < 1 ? { maximumSignificantDigits: 6 } : { maximumFractionDigits: 3 });

  const mark = (key, ...parts) => parts.reduce((text, part, i) => text.replace(`{${i}}`, () => part), words("marks")[key]);
  const make = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const row = (cells, head) => {
    const line = make("tr");
    cells.forEach((cell, i) => {
      const box = make((head && cell) || i === 0 ? "th" : "td", typeof cell === "object" ? undefined : cell);
      if (box.tagName === "TH") box.scope = head ? "col" : "row";
      if (typeof cell === "object") { box.append(cell); box.className = cell.className === "place" ? "place" : "number"; }
      line.append(box);
    });
    return line;
  };
  const table = (heads, lines, className) => {
    const whole = make("table", undefined, className), top = make("thead"), rest = make("tbody");
    top.append(row(heads, true));
    rest.append(...lines);
    whole.append(top, rest);
    const scroll = make("div", undefined, "scroll");
    scroll.append(whole);
    return scroll;
  };

  const scrolled = (heads, lines, label, className) => {
    const scroll = table(heads, lines, className);
    scroll.firstChild.prepend(make("caption", label));
    Object.assign(scroll, { tabIndex: 0, role: "group", ariaLabel: label });
    return scroll;
  };
  const pressed = (label) => {
    const one = make("button", label, "n");
    one.type = "button";
    return one;
  };
  document.querySelectorAll("button[data-d], button[data-c]").forEach((one) => { one.className = "n"; });

  // Which language, area and year show; the address keeps them, so that a link or a print can name them.
  const state = { lang: root.dataset.lang, pick: document.querySelector("main").dataset.chosen };
  const show = () => {
    root.dataset.lang = state.lang;
    root.lang = state.lang === "zh" ? "zh-Hans" : "en";
    document.title = bodies.find((body) => body.dataset.body === state.lang).dataset.title;
    const [area, year] = state.pick.split(".");
    document.querySelectorAll(".pick").forEach((part) => part.classList.toggle("chosen", [area, state.pick].includes(part.dataset.k)));
    document.querySelectorAll("details.official[open]").forEach(official);
    document.querySelectorAll("select.area").forEach((list) => { list.value = area; });
    document.querySelectorAll("select.year").forEach((list) => {
      list.replaceChildren(...JSON.parse(list.dataset.years)[area].map((one) => new Option(one, one)));
      list.value = year;
    });
    document.querySelectorAll("input.years").forEach((slider) => {
      const years = JSON.parse(document.querySelector("select.year").dataset.years)[area];
      slider.max = years.length - 1;
      slider.value = years.map(String).indexOf(year);
      slider.setAttribute("aria-valuetext", year);
      slider.hidden = years.length < 2;
    });
    // What belongs to the year that shows comes first.
    document.querySelectorAll(".body .findings").forEach((list) => {
      const rank = (line) => (line.dataset.y === year ? 0 : 1);
      list.append(...[...list.children].sort((one, other) => rank(one) - rank(other) || one.dataset.n - other.dataset.n));
    });
  };
  // The table of a figure's shapes, by their rows: from, to (of a node nothing), number.
  const ofShapes = (details) => {
    const [from, to, through, unit] = JSON.parse(details.dataset.heads), label = details.closest("figure").querySelector("svg").ariaLabel;
    const lines = [...details.closest("figure").querySelectorAll("svg [data-row]")].map((shape) => {
      const [source, target, value] = JSON.parse(shape.dataset.row), number = pressed(value);
      if (shape.dataset.d) number.dataset.d = shape.dataset.d;
      const line = row([source, target || through, number]);
      line.cells[1].className = "text";
      return line;
    });
    const scroll = scrolled([from, to, unit], lines, label);
    details.append(scroll, tools(scroll, words("page")));
  };
  document.querySelectorAll("details.shapes").forEach((one) => one.addEventListener("toggle", () => { if (one.open && !one.querySelector("table")) ofShapes(one); }));
  // Official tables are written when they are opened, and again when another year is chosen.
  const official = (one) => {
    const side = one.closest(".body").dataset.body === "zh" ? 0 : 1, held = data.official[one.dataset.table];
    const exact = (value) => value === 0 || Math.abs(value) >= .1 ? value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }) : String(Number(value.toPrecision(3)));
    const filled = (cell) => {
      const [value, key, opens] = Array.isArray(cell) ? cell : [cell, "", -1], box = make("td");
      if (typeof value === "string") {
        const words = Array.isArray(cell);  // in both languages; else a notation key
        box.textContent = words ? cell[side] : value;
        if (words) box.className = "text";
        return box;
      }
      const number = opens < 0 ? make("span", exact(value)) : pressed(exact(value));
      if (opens >= 0) number.dataset.d = opens;
      box.append(number, key ? `${mark("beside")}${key}` : "");
      return box;
    };
    const lineOf = ([place, cells]) => {
      const [level, ...names] = held.rows[place], line = make("tr", undefined, level ? undefined : "sum");
      const head = make("th", names[side]);
      head.scope = "row";
      head.style.paddingLeft = `${.55 + level}rem`;
      line.append(head, ...cells.map(filled));
      return line;
    };
    one.querySelector(".lines").replaceChildren(...held.periods.filter(({ pick }) => !pick || pick === state.pick).flatMap((period) => {
      const scroll = scrolled(held.heads[side].slice(1), period.lines.map(lineOf), period.title[side], "inventory columns");
      // Above texts a head stands left, above numbers right.
      (period.lines[0]?.[1] ?? []).forEach((cell, i) => { if (Array.isArray(cell) && typeof cell[0] === "string") scroll.querySelectorAll("thead th")[i + 1].className = "text"; });
      const rest = period.rest[side].map(([what, gas, value, why]) => make("li", mark("has", `${what} ${gas}`, mark("of", typeof value === "string" ? value : `${exact(value)} t`, why))));
      const list = make("ul", undefined, "note");
      list.append(...rest);
      return [scroll, tools(scroll, words("page")), ...(rest.length ? [make("p", period.count[side], "note"), list] : [])];
    }));
  };
  document.querySelectorAll("details.official").forEach((one) => one.addEventListener("toggle", () => { if (one.open) official(one); }));
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
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("input.years")) return;
    const [area] = state.pick.split(".");
    state.pick = `${area}.${JSON.parse(document.querySelector("select.year").dataset.years)[area][target.value]}`;
    remember();
  });
  addEventListener("hashchange", recall);

  // Tables and figures to take along: made from what stands on the page.
  const save = (content, type, file) => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const cellsOf = (whole) => [...whole.rows].map((line) => [...line.cells].flatMap((cell) => [cell.textContent.trim().replace(/\s+/g, " "), ...Array(cell.colSpan - 1).fill("")]));
  const harmless = (held) => (/^[=+@\t]|^-(?![\d.])/.test(held) ? `'${held}` : held);
  const quoted = (held) => (/[",\n]/.test(held) ? `"${held.replaceAll('"', '""')}"` : held);
  const copy = (whole, button) => {
    const held = cellsOf(whole).map((line) => line.join("\t")).join("\n");
    const done = () => { const before = button.textContent; button.textContent = words("page").copied; setTimeout(() => { button.textContent = before; }, 1500); };
    if (navigator.clipboard) navigator.clipboard.writeText(held).then(done, () => {});
    else {
      const area = make("textarea", held);
      document.body.append(area);
      area.select();
      if (document.execCommand("copy")) done();
      area.remove();
    }
  };
  const looks = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "text-anchor", "font-size", "font-weight"];
  const drawn = (svg) => {
    const twin = svg.cloneNode(true), shapes = [...svg.querySelectorAll("*")];
    [...twin.querySelectorAll("*")].forEach((shape, i) => {
      const style = getComputedStyle(shapes[i]);
      if (shape.tagName !== "title") looks.forEach((look) => shape.setAttribute(look, style.getPropertyValue(look)));
      ["class", "data-d", "data-c", "data-row"].forEach((one) => shape.removeAttribute(one));
    });
    twin.setAttribute("style", `background: ${getComputedStyle(document.body).backgroundColor}; font-family: sans-serif`);
    return new XMLSerializer().serializeToString(twin);
  };
  const tool = (className, word, act) => {
    const one = make("button", word, className);
    one.type = "button";
    one.addEventListener("click", () => act(one));
    return one;
  };
  const stem = (part) => part.closest("section")?.id || "carbonacct";
  const tools = (scroll, say) => {
    const whole = scroll.querySelector(":scope > table"), svg = scroll.querySelector(":scope > svg");
    const bar = make("div", undefined, "tools");
    if (whole) bar.append(
      tool("save", say.save_table, () => save(`\ufeff${cellsOf(whole).map((line) => line.map(harmless).map(quoted).join(",")).join("\n")}\n`, "text/csv", `${stem(scroll)}.csv`)),
      tool("copy", say.copy_table, (button) => copy(whole, button)));
    if (svg) bar.append(tool("save", say.save_figure, () => save(drawn(svg), "image/svg+xml", `${stem(scroll)}.svg`)));
    return bar;
  };
  bodies.forEach((body) => {
    const say = data.words[body.dataset.body].page;
    body.querySelectorAll("main .scroll").forEach((scroll) => {
      const bar = tools(scroll, say);
      if (bar.children.length) scroll.after(bar);
    });
    body.querySelectorAll(".findings > li").forEach((line, i) => { line.dataset.n = i; });
  });

  // The way back from a number: what opens is a list of views, so that each leads back to the one before.
  const fields = { a: (c) => c[0], y: (c) => c[1], f: (c) => data.flows[c[2]][0], p: (c) => data.products[c[3]][0],
    g: (c) => data.gases[c[4]][0], t: (c) => data.flows[c[2]][3], s: (c) => data.products[c[3]][3] };
  const title = (cell) => `${data.areas[cell[0]]} ${cell[1]} · ${name(data.flows[cell[2]])} · ${name(data.products[cell[3]])}`;
  const text = (index) => data.texts[index][root.dataset.lang === "zh" ? 0 : 1];
  const written = (value) => String(Number(value.toPrecision(12)));
  let trail = [];

  const paint = () => {
    const say = words("trace"), holder = document.getElementById("trace-text"), view = trail.at(-1);
    const [heading, parts] = view.c === undefined ? derived(view.d) : traced(view.c);
    const button = (word, className, act) => {
      const one = make("button", word, className);
      one.type = "button";
      one.addEventListener("click", act);
      return one;
    };
    const top = make("h2", heading), bar = make("div", undefined, "bar-top");
    top.id = "trace-title";
    if (trail.length > 1) bar.append(button(`← ${say.back}`, "back", () => { trail.pop(); paint(); }));
    bar.append(button(words("page").close, "close", () => dialog.close()));
    holder.replaceChildren(bar, top, make("p", say.trace, "unseen"), ...parts);
    dialog.lang = root.lang;
    if (!dialog.open) dialog.showModal();
    bar.firstChild.focus();
    dialog.scrollTop = 0;
  };
  const opener = (label, view) => {
    const link = pressed(label);
    link.addEventListener("click", () => { trail.push(view); paint(); });
    return link;
  };
  const plain = (label) => make("span", label);
  const place = (where) => make("span", where, "place");

  const listFactors = (factors) => {
    const say = words("trace");
    return [make("h3", say.factors), table([say.parameter, say.published, say.item, say.document, say.status, say.line], factors.map((i) => {
      const side = root.dataset.lang === "zh" ? 0 : 1, [parameter, published, items, zh, en, edition, table_, page, status, notes, line] = data.factors[i];
      const item = items[side], note = notes && notes[side], document_ = [side ? en : zh, edition[side], table_, page && `${say.p} ${page}`].filter(Boolean).join(mark("beside"));
      return row([words("parameter")[parameter] || parameter, published[side], note ? mark("of", item, note) : item, document_, words("status")[status] || status, line]);
    }), "sources")];
  };
  const traced = (index) => {
    const say = words("trace"), cell = data.cells[index];
    const [, , , , gas, value, printed, where, formula, factors] = cell;
    const facts = table([say.activity, say.cell], where.map((one, i) => row([i === 0 ? printed : "", place(one)])));
    const parts = [make("p", mark("has", say.emissions_of, `${number(value)} t ${data.gases[gas][1]}`)), make("p", formula, "formula"), facts];
    if (factors.length) parts.push(...listFactors(factors));
    else if (value === 0) parts.push(make("p", say.direct));
    return [title(cell), parts];
  };
  const summed = (filter) => {
    const fits = ([key, value]) => Array.isArray(value) ? (cell) => value.includes(fields[key](cell)) : (cell) => fields[key](cell) === value;
    const tests = Object.entries(filter).map(fits);
    const found = data.cells.map((cell, i) => [cell, i]).filter(([cell]) => tests.every((test) => test(cell)));
    found.sort(([one], [other]) => other[5] - one[5]);
    const total = found.reduce((sum, [cell]) => sum + cell[5], 0);
    const say = words("trace"), unit = `t ${data.gases.find(([gas]) => gas === filter.g)?.[1]}`;
    const lines = found.map(([cell, i]) => row([`${name(data.flows[cell[2]])} · ${name(data.products[cell[3]])}`, opener(number(cell[5]), { c: i })]));
    const heading = make("p", `${say.sum_of.replace("{count}", found.length)} = ${number(total)} ${unit}`, "formula");
    heading.dataset.total = total;
    const only = (key, list) => typeof filter[key] === "string" ? [name(list.find(([id]) => id === filter[key]))] : [];
    const what = [...only("f", data.flows), ...only("p", data.products), ...(typeof filter.t === "string" ? [filter.t] : [])];
    return [[`${data.areas[filter.a]} ${filter.y}`, ...what].join(" · "), found.length ? [heading, table([say.what, unit], lines)] : [make("p", say.nothing)]];
  };
  const derived = (index) => {
    const entry = data.derived[index], say = words("trace");
    if (!Array.isArray(entry)) return summed(entry);
    const [heading, formula, parts, unitText, terms = [], factors = [], note = -1] = entry;
    const shown = [], unit = text(unitText), sums = unit && !formula;
    const products = terms.map(([amount, times]) => data.amounts[amount][1] * times);
    const total = [...products, ...parts.map(([, value]) => value)].reduce((sum, one) => sum + one, 0);
    const unitOf = (amount) => text(data.amounts[amount][2]);
    const rate = ([amount, times]) => times === 1 ? "" : ` x ${written(times)} ${unit}/${unitOf(amount)}`;
    const add = (numbers) => numbers.join(" + ").replaceAll("+ -", "- ");
    if (sums) {
      const added = terms.length ? terms.map((term) => `${written(data.amounts[term[0]][1])} ${unitOf(term[0])}${rate(term)}`) : parts.map(([, value]) => written(value));
      const line = make("p", `${added.length > 12 ? say.amounts.replace("{count}", added.length) : add(added)} = ${written(total)} ${unit}`, "formula");
      line.dataset.total = total;
      shown.push(line);
    } else if (formula) shown.push(make("p", formula, "formula"));
    if (note >= 0) shown.push(make("p", text(note), "note"));
    if (parts.length) {
      const placed = parts.some((part) => part[4]);
      shown.push(table([say.value, "", "", ...(placed ? [say.cell] : [])], parts.map(([label, value, held, opens = -1, where = ""]) =>
        row([text(label), opens < 0 ? plain(number(value)) : opener(number(value), { d: opens }), text(held), ...(placed ? [place(where)] : [])])), "parts"));
    }
    if (terms.length) shown.push(table([say.activity, "", say.times, unit, say.cell], terms.map((term, i) => {
      const [label, value, held, where] = data.amounts[term[0]];
      return row([text(label), plain(`${number(value)} ${text(held)}`), rate(term).slice(3), plain(number(products[i])), place(where)]);
    }), "terms"));
    if (factors.length) shown.push(...listFactors(factors));
    return [heading.map(text).join(" · "), shown];
  };
  document.addEventListener("click", ({ target }) => {
    const opened = target.closest("[data-c], [data-d]");
    if (target.matches(".switch")) {
      state.lang = state.lang === "zh" ? "en" : "zh";
      remember();
      document.querySelector(`[data-body="${state.lang}"] .switch`).focus();
    } else if (opened) {
      trail = [opened.dataset.c === undefined ? { d: Number(opened.dataset.d) } : { c: Number(opened.dataset.c) }];
      paint();
    } else if (target === dialog) dialog.close();
  });
  recall();
})();
