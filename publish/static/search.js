// Looks in the index of the static site (search/*.js), which is loaded script by script: a page on a
// disk cannot fetch. What is found is what the served site finds; see yusuan.portals.search_files.
"use strict";
(() => {
  const form = document.querySelector("form.search-page");
  const words = JSON.parse(document.getElementById("words").textContent);
  const [results, status] = [document.getElementById("results"), document.getElementById("status")];
  const zh = document.documentElement.lang.startsWith("zh");
  const [OF_EACH, PAGE, AROUND] = [8, 50, 30];
  const loaded = new Map(), waiting = new Map();

  window.searched = (name, packed) => {
    waiting.get(name)(unpacked(packed));
  };

  async function unpacked(packed) {
    const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Response(stream).json();
  }

  function load(name) {
    if (!loaded.has(name)) {
      loaded.set(name, new Promise((resolve, reject) => {
        waiting.set(name, resolve);
        const script = document.createElement("script");
        script.src = `search/${name}.js`;
        script.onerror = () => reject(new Error(name));
        document.head.append(script);
      }));
    }
    return loaded.get(name);
  }

  const normal = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const pick = (pair) => (zh ? pair[0] : pair[1] || pair[0]);
  const digits = (word) => /^[0-9]+$/.test(word);
  const letters = (word) => /^[a-z]+$/.test(word);

  /** The blocks that may have a word: all pairs of it, or a code that begins so. */
  function blocksOf(word, index) {
    const signs = [...word];
    const starting = (start) => new Set(Object.keys(index).filter((token) => token.startsWith(start)).flatMap((token) => index[token]));
    let found = null;
    for (let place = 0; place + 1 < signs.length; place += 1) {
      const here = new Set(index[signs[place] + signs[place + 1]] || []);
      found = found === null ? here : new Set([...found].filter((block) => here.has(block)));
    }
    if (found === null) found = starting(word);
    if (digits(word)) for (const block of starting(`c${word.slice(0, 3)}`)) found.add(block);
    return found;
  }

  function has(entry, word) {
    if (entry.normal.some((text) => text.includes(word))) return true;
    if (digits(word)) return entry.codes.some((code) => code.startsWith(word));
    return letters(word) && entry.initials !== null && entry.initials.includes(word);
  }

  function entriesOf(block) {
    if (!block.entries) {
      const of = (name, place, other) => (block[name] ? block[name][place] : other);
      block.entries = block.key.map((key, place) => ({
        key, order: block.order[place], document: block.document[place], texts: block.texts[place],
        normal: block.texts[place].map(normal), codes: of("codes", place, []),
        initials: block.initials ? normal(block.initials[place] || "") : null,
        amount: of("amount", place, null), table: of("table", place, null),
        page: of("page", place, null), href: of("href", place, null),
      }));
    }
    return block.entries;
  }

  /** The same label as the query first, then the newest years, then the largest amounts. */
  function order(query, about) {
    const year = (entry) => (entry.document < 0 ? 0 : about.documents[entry.document][2] || 0);
    const size = (entry) => (entry.amount === null ? -Infinity : entry.amount);
    const same = (entry) => Number(entry.texts[0] === query);
    return (one, other) => same(other) - same(one) || year(other) - year(one)
      || (size(other) > size(one)) - (size(other) < size(one)) || one.order - other.order;
  }

  function hrefOf(group, entry, about) {
    const document = entry.document < 0 ? "" : about.documents[entry.document][0];
    const href = entry.href || (group === "findings"
      ? `documents/${document}.html#finding-${encodeURIComponent(entry.key)}`
      : `documents/${document}.html#${encodeURIComponent(`${document}-${entry.key}`)}`);
    return zh ? href : href.replace(/\.html(?=#|$)/, ".en.html");
  }

  function element(name, content, attributes = {}) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...[content].flat().filter((each) => each !== null && each !== ""));
    return made;
  }

  /** A text with the words that stand in it marked. */
  function marked(text, query) {
    const lower = text.toLowerCase(), covered = new Array(text.length).fill(false);
    for (const word of query) {
      for (let start = lower.indexOf(word); start >= 0; start = lower.indexOf(word, start + 1)) covered.fill(true, start, start + word.length);
    }
    const parts = [];
    for (let place = 0; place < text.length;) {
      let end = place;
      while (end < text.length && covered[end] === covered[place]) end += 1;
      parts.push(covered[place] ? element("mark", text.slice(place, end)) : text.slice(place, end));
      place = end;
    }
    return parts;
  }

  function around(text, query) {
    const starts = query.map((word) => text.toLowerCase().indexOf(word)).filter((start) => start >= 0);
    const first = starts.length ? Math.min(...starts) : 0;
    const [begin, end] = [Math.max(0, first - AROUND), first + 3 * AROUND];
    return (begin ? "…" : "") + text.slice(begin, end) + (end < text.length ? "…" : "");
  }

  function yuan(fen) {
    const [whole, rest] = [Math.trunc(Math.abs(fen) / 100), Math.abs(fen) % 100];
    return `${fen < 0 ? "-" : ""}${whole.toLocaleString("en")}.${String(rest).padStart(2, "0")}`;
  }

  function row(group, entry, query, about) {
    const label = (group.name === "findings" && !zh && entry.texts[1]) || entry.texts[0];
    const text = entry.texts.find((each) => normal(each).includes(normal(query.join("")))) || label;
    const first = element("td", [
      element("a", marked(label, query), { href: hrefOf(group.name, entry, about) }),
      ...[...new Set(entry.codes)].flatMap((code) => [" ", element("span", marked(code, query), { class: "small" })]),
    ]);
    if (text !== label) first.append(element("br", ""), element("span", marked(around(text, query), query), { class: "small" }));
    const cells = [first];
    if (entry.document >= 0) {
      const [, department, year, phase] = about.documents[entry.document];
      const place = [`${year || ""} ${about.phases[phase] ? pick(about.phases[phase]) : phase || ""}`];
      if (about.tables[entry.table]) place.push(pick(about.tables[entry.table]));
      if (entry.page) place.push(words.page.replace("{}", entry.page));
      cells.push(element("td", [department, element("br", ""), element("span", place.join(" · "), { class: "small" })]));
    }
    if (group.amounts) {
      cells.push(element("td", entry.amount === null ? "" : [element("span", yuan(entry.amount), { class: "num" }), ` ${words.yuan}`], { class: "format-money" }));
    }
    return element("tr", cells);
  }

  const address = (values) => `?${new URLSearchParams(values)}`;

  function section(group, found, state, about) {
    const [skip, size] = state.only ? [(state.page - 1) * PAGE, PAGE] : [0, OF_EACH];
    const title = pick(group.titles);
    const rows = found.slice(skip, skip + size).map((entry) => row(group, entry, state.query, about));
    const made = element("section", [
      element("h2", [`${title} `, element("small", found.length.toLocaleString("en"))]),
      element("div", element("table", element("tbody", rows), { class: "rows-and-columns hits" }), { class: "table-wrapper", tabindex: "0", role: "region", "aria-label": title }),
    ], { id: group.name });
    const turned = element("p", "");
    if (state.only && state.page > 1) turned.append(element("a", `← ${words.previous}`, { href: address({ q: state.text, in: group.name, page: state.page - 1 }) }), " ");
    if (found.length > skip + size) {
      const next = state.only ? `${words.next} →` : words.all.replace("{}", found.length.toLocaleString("en"));
      turned.append(element("a", next, { href: address({ q: state.text, in: group.name, page: state.only ? state.page + 1 : 1 }) }));
    }
    if (turned.childNodes.length) made.append(turned);
    return made;
  }

  async function look(state) {
    status.textContent = words.looking;
    const [about, index] = await Promise.all([load("about"), load("words")]);
    if (state.text.length > about.longest) {
      status.textContent = words.long.replace("{}", about.longest);
      return;
    }
    const lists = state.query.map((word) => blocksOf(word, index));
    const wanted = [...lists[0]].filter((block) => lists.every((each) => each.has(block)));
    let total = 0;
    for (const group of about.groups) {
      if (state.only && group.name !== state.only) continue;
      const blocks = await Promise.all(group.blocks.filter((block) => wanted.includes(block)).map((block) => load(`block-${block}`)));
      const found = blocks.flatMap(entriesOf).filter((entry) => state.query.every((word) => has(entry, word)));
      if (!found.length) continue;
      total += found.length;
      results.append(section(group, found.sort(order(state.text, about)), state, about));
    }
    status.textContent = total ? words.found.replace("{}", total.toLocaleString("en")) : words.nothing.replace("{}", state.text);
    if (state.only) status.append(" · ", element("a", words.everything, { href: address({ q: state.text }) }));
    status.dataset.found = total;
  }

  const given = new URLSearchParams(location.search);
  const text = (given.get("q") || "").trim();
  for (const link of document.querySelectorAll("a.language")) link.setAttribute("href", link.getAttribute("href") + location.search);
  form.elements.q.value = text;
  const query = text.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
  const page = /^[0-9]{1,4}$/.test(given.get("page") || "") ? Math.max(1, Number(given.get("page"))) : 1;
  if (!query.length) return;
  if (!("DecompressionStream" in window)) {
    status.textContent = words.old;
    return;
  }
  look({ text, query, only: given.get("in"), page }).catch((error) => {
    status.textContent = words.broken.replace("{}", error.message);
  });
})();
