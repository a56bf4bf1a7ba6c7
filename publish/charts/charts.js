// Draws the charts of the explorer from the tables below them. A table says how in `data-chart`; its
// head names the columns, its rows their level and kind. Without this script the tables are there.
"use strict";
(() => {
  const words = document.documentElement.lang.startsWith("zh")
    ? { units: [[1e8, "亿"], [1e4, "万"]], up: "返回", all: "全部", yuan: "元" }
    : { units: [[1e9, " bn"], [1e6, " m"], [1e3, " k"]], up: "Up", all: "All", yuan: "yuan" };

  /** An amount short enough for an axis; the exact one is in the table. */
  function brief(value) {
    for (const [size, name] of words.units) {
      if (Math.abs(value) >= size) return `${+(value / size).toPrecision(4)}${name}`;
    }
    return `${+value.toPrecision(4)}`;
  }

  function cellOf(td) {
    const link = td.querySelector("a:not(.flag)");
    const flag = td.querySelector("a.flag");
    const text = (link || td).textContent.trim();
    const number = Number(text.replace(/,/g, ""));
    return {
      text, href: link && link.getAttribute("href"), flagged: Boolean(flag),
      number: text === "" || Number.isNaN(number) ? null : number,
    };
  }

  /** Rows as maps from the names of columns to cells. */
  function read(table) {
    const heads = [...table.tHead.rows[0].cells];
    const names = heads.map((th) => th.dataset.column);
    const titles = Object.fromEntries(heads.map((th) => [th.dataset.column, th.textContent.trim()]));
    const rows = [...table.tBodies[0].rows].map((tr) => ({
      level: Number(tr.dataset.level || 1), kind: tr.className || "detail",
      cells: Object.fromEntries([...tr.cells].map((td, index) => [names[index], cellOf(td)])),
    }));
    return { titles, rows };
  }

  const mark = (cell) => (cell.flagged ? "※" : "");
  const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const tip = (name, cell) => `${escaped(name)}<br><b>${escaped(cell.text)}</b> ${words.yuan}${mark(cell)}`;

  function point(name, cell) {
    return { value: cell.number, name, href: cell.href, tip: tip(name, cell), label: cell.flagged ? { show: true, formatter: "※" } : undefined };
  }

  function line({ titles, rows }, chart, value) {
    const [x] = chart.x;
    const years = rows.map((row) => row.cells[x].number).filter((year) => year !== null);
    const first = Math.min(...years), last = Math.max(...years);
    const axis = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const group = (row) => chart.split.map((name) => row.cells[name].text).join(" ");
    const groups = [...new Set(rows.map(group))];
    const series = groups.map((name) => ({
      name, type: "line", symbolSize: 9, connectNulls: false,
      data: axis.map((year) => {
        const row = rows.find((each) => each.cells[x].number === year && group(each) === name);
        return row && row.cells[value].number !== null ? point(`${year} ${name} · ${titles[value]}`, row.cells[value]) : null;
      }),
    })).filter((each) => each.data.some((item) => item));
    return {
      legend: { top: 0, type: "scroll" }, grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: axis.map(String) },
      yAxis: { type: "value", axisLabel: { formatter: brief } }, series,
    };
  }

  function bar({ titles, rows }, chart) {
    const called = rows.map((row) => chart.x.map((name) => row.cells[name].text).join(" "));
    const series = chart.values.map((name) => ({
      name: titles[name], type: "bar", stack: "all", barMaxWidth: 56,
      data: rows.map((row, index) => (row.cells[name].number === null ? null : point(`${called[index]} · ${titles[name]}`, row.cells[name]))),
    }));
    return {
      legend: { top: 0, type: "scroll" }, grid: { left: 8, right: 24, top: 40, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: called, axisLabel: { interval: 0, hideOverlap: true } },
      yAxis: { type: "value", axisLabel: { formatter: brief } }, series,
    };
  }

  function columns({ titles, rows }, chart, number) {
    const row = rows[Number(number) || 0];
    const [name] = chart.x;
    return {
      grid: { left: 8, right: 24, top: 16, bottom: 8, containLabel: true },
      xAxis: { type: "category", data: chart.values.map((value) => titles[value]), axisLabel: { interval: 0, width: 150, overflow: "break" } },
      yAxis: { type: "value", axisLabel: { formatter: brief } },
      series: [{
        type: "bar", barMaxWidth: 56,
        data: chart.values.map((value) => (row.cells[value].number === null ? null : point(`${titles[value]} · ${row.cells[name].text}`, row.cells[value]))),
      }],
    };
  }

  function treemap({ rows }, chart) {
    const [name] = chart.x, [value] = chart.values;
    const root = { children: [] }, path = [root];
    for (const row of rows) {
      const cell = row.cells[value];
      if (row.kind === "total" || cell.number === null || cell.number <= 0) continue;
      const node = { name: row.cells[name].text + mark(cell), value: cell.number, href: cell.href, tip: tip(row.cells[name].text, cell), children: [] };
      path.length = row.level;
      (path[row.level - 1] || root).children.push(node);
      path[row.level] = node;
    }
    return {
      series: [{
        type: "treemap", name: words.all, data: root.children, leafDepth: 1, roam: false, left: 0, right: 0, top: 4, bottom: 34,
        breadcrumb: { bottom: 0, height: 26 }, levels: [{ itemStyle: { gapWidth: 2 } }, { colorSaturation: [0.35, 0.6], itemStyle: { gapWidth: 1 } }],
        label: { formatter: (item) => `${item.name}\n${brief(item.value)}`, overflow: "break", lineHeight: 17 },
      }],
    };
  }

  function sankey({ rows }, chart) {
    const [value] = chart.values;
    const nodes = new Map(), links = new Map();
    for (const row of rows) {
      const amount = row.cells[value].number;
      if (amount === null || amount <= 0) continue;
      const names = chart.x.map((column, depth) => ({ key: `${depth}/${row.cells[column].text}`, text: row.cells[column].text, depth }));
      for (const node of names) nodes.set(node.key, { name: node.key, shown: node.text, depth: node.depth });
      for (let index = 1; index < names.length; index += 1) {
        const key = `${names[index - 1].key}\n${names[index].key}`;
        const link = links.get(key) || { source: names[index - 1].key, target: names[index].key, fen: 0, tip: "" };
        link.fen += Math.round(amount * 100);
        link.value = link.fen / 100;
        link.tip = `${escaped(names[index - 1].text)} → ${escaped(names[index].text)}<br><b>${link.value.toLocaleString("en", { minimumFractionDigits: 2 })}</b> ${words.yuan}`;
        links.set(key, link);
      }
    }
    return {
      series: [{
        type: "sankey", data: [...nodes.values()], links: [...links.values()], left: 0, right: 150, top: 8, bottom: 8,
        nodeGap: 12, draggable: false, lineStyle: { color: "gradient", opacity: 0.35 },
        label: { formatter: (item) => item.data.shown, overflow: "truncate", width: 145 },
        emphasis: { focus: "adjacency" },
      }],
    };
  }

  const MAKERS = { line, bar, columns, treemap, sankey };

  function theme() {
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    const colours = Array.from({ length: 8 }, (_, index) => token(`chart-${index + 1}`));
    const axis = { axisLine: { lineStyle: { color: token("rule") } }, axisTick: { show: false }, axisLabel: { color: token("soft") }, splitLine: { lineStyle: { color: token("rule") } } };
    return {
      color: colours, textStyle: { fontFamily: style.getPropertyValue("--sans"), color: token("ink") },
      categoryAxis: axis, valueAxis: axis, legend: { textStyle: { color: token("ink") } },
    };
  }

  function draw(box) {
    const stated = JSON.parse(box.dataset.chart);
    const data = read(document.getElementById(box.dataset.table));
    const picker = box.parentElement.querySelector("select");
    const chart = echarts.init(box.querySelector(".canvas"), theme(), { renderer: "svg" });
    const show = () => {
      const option = MAKERS[stated.kind](data, stated, picker ? picker.value : stated.values[0]);
      const item = (event) => event.data && event.data.tip;
      chart.setOption({
        animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
        aria: { enabled: true, decal: { show: stated.kind !== "sankey" }, label: { description: box.getAttribute("aria-label") } },
        tooltip: { trigger: "item", confine: true, formatter: (event) => item(event) || escaped(event.data && event.data.shown ? event.data.shown : event.name) },
        ...option,
      }, true);
    };
    if (picker) picker.addEventListener("change", show);
    chart.on("click", (event) => {
      const node = event.data || {};
      if (node.href && !(node.children && node.children.length)) location.href = node.href;
    });
    new ResizeObserver(() => chart.resize()).observe(box);
    for (const button of box.parentElement.querySelectorAll("button[data-save]")) {
      button.addEventListener("click", () => save(chart, button.dataset.save, box.dataset.table));
    }
    show();
  }

  function save(chart, kind, name) {
    const address = chart.getDataURL({ type: "svg" });
    const link = document.createElement("a");
    link.download = `${name}.${kind}`;
    if (kind === "svg") {
      link.href = address;
      link.click();
      return;
    }
    const picture = new Image();
    picture.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [chart.getWidth() * 2, chart.getHeight() * 2];
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      link.href = canvas.toDataURL("image/png");
      link.click();
    };
    picture.src = address;
  }

  for (const box of document.querySelectorAll("[data-chart]")) draw(box);
})();
