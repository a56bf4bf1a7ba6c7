// 一个结果的三种看法：表格、图、原文。/ Three views of a result: table, chart, as received.
import { chartable, draw, grouped, isNumber } from "./sparql-chart.js";

const MOST_ROWS = 500;

export const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// IRIs of the package are pages here, wherever this server runs; others lead outside.
const link = (iri, { base, root }) => {
  if (iri.startsWith(base)) {
    return element("a", iri.slice(base.length), { href: root + iri.slice(base.length), title: iri });
  }
  if (/^https?:/.test(iri)) return element("a", iri, { href: iri, rel: "noopener" });
  return element("span", iri);
};

const cell = (term, name, site) => {
  const td = element("td", undefined, { "data-label": `?${name}` });
  if (!term) return td;
  if (term.type === "uri") td.append(link(term.value, site));
  else if (isNumber(term)) {
    td.className = "format-number";
    td.append(element("span", grouped(term.value), { class: "num", title: term.value }));
  } else {
    const value = element("span", term.value);
    if (term["xml:lang"]) value.append(" ", element("span", term["xml:lang"], { class: "tag" }));
    td.append(value);
  }
  return td;
};

const table = (answer, site) => {
  const names = answer.head.vars;
  const rows = answer.results.bindings;
  const wrapper = element("div", undefined, { class: "table-wrapper", tabindex: "0" });
  const made = element("table", undefined, { class: "rows-and-columns" });
  const head = element("tr");
  for (const name of names) {
    const numeric = isNumber(rows.find((row) => row[name])?.[name]);
    head.append(element("th", `?${name}`, { scope: "col", ...(numeric ? { class: "format-number" } : {}) }));
  }
  const thead = element("thead");
  thead.append(head);
  const body = element("tbody");
  for (const row of rows.slice(0, MOST_ROWS)) {
    const tr = element("tr");
    for (const name of names) tr.append(cell(row[name], name, site));
    body.append(tr);
  }
  made.append(thead, body);
  wrapper.append(made);
  return wrapper;
};

const chart = (answer, { labels, values }) => {
  const box = element("div", undefined, { class: "chart-box" });
  const chooser = element("select", undefined, { "aria-label": "画哪一列 / column to draw" });
  for (const name of values) chooser.append(element("option", `?${name}`, { value: name }));
  const figure = element("div");
  const note = element("p", "", { class: "note" });
  let drawn = 0;
  const paint = () => {
    const { fontSize, fontFamily } = getComputedStyle(box);
    const options = { labels, value: chooser.value, width: drawn, font: `${fontSize} ${fontFamily}` };
    const { made, shown } = draw(answer, options);
    figure.replaceChildren(made);
    const all = answer.results.bindings.length;
    note.textContent = shown < all ? `画出前 ${shown} 行，共 ${all} 行。 The first ${shown} of ${all} rows.` : "";
  };
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== drawn) {
      drawn = width;
      paint();
    }
  }).observe(box);
  chooser.addEventListener("change", paint);
  if (values.length > 1) box.append(chooser);
  box.append(figure, note);
  return box;
};

// The views a result has, each with its names and how to make it; and a summary in words.
export const views = (kind, text, site) => {
  const raw = { id: "raw", title: "原文", en: "Raw", make: () => element("pre", text) };
  if (kind === "graph") return { summary: "图 graph", list: [raw] };
  const answer = JSON.parse(text);
  if ("boolean" in answer) {
    const told = answer.boolean ? "是 true" : "否 false";
    return { summary: "", list: [{ id: "table", title: "回答", en: "Answer", make: () => element("p", told, { class: "lead" }) }, raw] };
  }
  const count = answer.results.bindings.length;
  const cut = count > MOST_ROWS ? `（显示前 ${MOST_ROWS} 行，下载可得全部）` : "";
  const list = [{ id: "table", title: "表格", en: "Table", make: () => table(answer, site) }];
  const columns = chartable(answer);
  if (columns) list.push({ id: "chart", title: "图", en: "Chart", make: () => chart(answer, columns) });
  return { summary: `${count} 行 rows${cut}`, list: [...list, raw] };
};
