// 结果的看法：YASR 的表格和原文，加上我们的图；词用中文和英文。
// How results are seen: YASR's table and raw response, and a chart of ours.
import { chartable, draw, grouped, isNumber, isYear } from "./sparql-chart.js";

const element = (name, text, attributes = {}) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

// IRIs of the package are pages here, wherever this server runs; others lead outside.
const link = (iri, shown, { base, root }) => {
  if (iri.startsWith(base)) {
    return element("a", iri.slice(base.length), { class: "iri", href: root + iri.slice(base.length), title: iri });
  }
  if (/^https?:/.test(iri)) return element("a", shown, { class: "iri", href: iri, rel: "noopener", title: iri });
  return element("span", iri);
};

const shortened = (iri, prefixes) => {
  const found = Object.entries(prefixes).find(([, start]) => iri.startsWith(start));
  return found ? `${found[0]}:${iri.slice(found[1].length)}` : iri;
};

const tableOf = (Yasr, site) => {
  const Original = Yasr.plugins.table;
  Object.assign(Original.defaults.tableConfig.language, {
    info: "第 _START_–_END_ 行，共 _TOTAL_ 行", infoEmpty: "0 行", infoFiltered: "（全部 _MAX_ 行）",
    emptyTable: "没有结果。No results.", zeroRecords: "没有符合的行。No matching rows.",
  });
  return class Table extends Original {
    label = "表格 Table";
    helpReference = undefined;

    getUriLinkFromBinding({ value }, prefixes) {
      return link(value, shortened(value, prefixes || {}), site).outerHTML;
    }

    formatLiteral(term, prefixes) {
      if (!this.persistentConfig.compact) return super.formatLiteral(term, prefixes);
      if (isNumber(term) && !isYear(term)) {
        return element("span", grouped(term.value), { class: "num", title: term.value }).outerHTML;
      }
      return element("span", term.value).innerHTML;
    }

    getColumns() {
      const rows = this.yasr.results?.getBindings() || [];
      const columns = super.getColumns();
      for (const column of columns) {
        if (column.name && isNumber(rows.find((row) => row[column.name])?.[column.name])) column.className = "format-number";
      }
      return columns;
    }

    drawControls() {
      super.drawControls();
      const controls = this.yasr.pluginControls;
      const [simple, cut] = controls.querySelectorAll(".switch .label");
      simple.textContent = "简明 Simple";
      cut.textContent = "截短 Cut";
      const filter = controls.querySelector(".tableFilter");
      filter.placeholder = "筛选 Filter";
      filter.setAttribute("aria-label", "筛选结果 / filter the results");
      controls.querySelector(".pageSizerLabel").textContent = "每页 Per page ";
      controls.querySelector(".tableSizer").setAttribute("aria-label", "每页行数 / rows per page");
    }
  };
};

const chartOf = (site) => class Chart {
  label = "图 Chart";
  priority = 5;

  constructor(yasr) {
    this.yasr = yasr;
  }

  columns() {
    const answer = this.yasr.results?.getAsJson();
    return answer?.results ? chartable(answer) : null;
  }

  canHandleResults() {
    return Boolean(this.columns());
  }

  getIcon() {
    const icon = element("span", undefined, { "aria-hidden": "true" });
    icon.innerHTML = '<svg viewBox="0 0 16 16" fill="currentColor"><path d="M1 2h9v3H1zM1 7h14v3H1zM1 12h6v3H1z"/></svg>';
    return icon;
  }

  draw() {
    const answer = this.yasr.results.getAsJson();
    const { labels, values } = this.columns();
    const box = element("div", undefined, { class: "chart-box" });
    const chooser = element("select", undefined, { "aria-label": "画哪一列 / column to draw" });
    for (const name of values) chooser.append(element("option", `?${name}`, { value: name }));
    const figure = element("div");
    const note = element("p", "", { class: "note" });
    let drawn = 0;
    const paint = () => {
      const { fontSize, fontFamily } = getComputedStyle(box);
      const { made, shown } = draw(answer, { labels, value: chooser.value, width: drawn, font: `${fontSize} ${fontFamily}` });
      figure.replaceChildren(made);
      const all = answer.results.bindings.length;
      note.textContent = shown < all ? `画出前 ${shown} 行，共 ${all} 行。 The first ${shown} of ${all} rows.` : "";
    };
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== drawn) {
        drawn = width;
        paint();
      }
    });
    this.observer.observe(box);
    chooser.addEventListener("change", paint);
    if (values.length > 1) box.append(chooser);
    box.append(figure, note);
    this.yasr.resultsEl.append(box);
  }

  destroy() {
    this.observer?.disconnect();
  }
};

const UNREACHED = "服务器没有回答。The server did not answer.";

// Registers the views. `onError` hears the message of an endpoint that refuses a query.
export const setUpViews = (Yasr, site, onError) => {
  Yasr.registerPlugin("response", class extends Yasr.plugins.response {
    label = "原文 Raw";
    helpReference = undefined;
  });
  Yasr.registerPlugin("table", tableOf(Yasr, site));
  Yasr.registerPlugin("chart", chartOf(site));
  Yasr.defaults.plugins.table.dynamicConfig = { compact: true, isEllipsed: false };
  Yasr.defaults.pluginOrder = ["table", "chart", "response"];
  Yasr.defaults.errorRenderers = [async ({ text }) => {
    onError(text);
    const failed = /^(Failed to fetch|NetworkError|Load failed)/.test(text);
    return element("div", failed ? UNREACHED : text.trim(), { class: "message-error", role: "alert" });
  }];
  // Its words are English only.
  const original = Yasr.prototype.updateResponseInfo;
  Yasr.prototype.updateResponseInfo = function told() {
    original.call(this);
    if (!this.results) return;
    if (this.results.hasError()) {
      this.dataElement.textContent = "";
      return;
    }
    const rows = this.results.getBindings()?.length;
    const time = this.results.getResponseTime();
    this.dataElement.textContent = [rows === undefined ? "" : `${rows} 行 rows`, time === undefined ? "" : `${time} ms`].filter(Boolean).join(" · ");
    this.dataElement.setAttribute("role", "status");
  };
};
