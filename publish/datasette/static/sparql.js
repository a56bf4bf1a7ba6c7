// SPARQL 页面：把查询发给本页的端点，把结果画成表格。/ Sends the query to this endpoint and
// shows the result as a table. No libraries.
"use strict";
(() => {
  const form = document.getElementById("sparql");
  const box = document.getElementById("query");
  const chooser = document.getElementById("example");
  const status = document.getElementById("status");
  const error = document.getElementById("error");
  const result = document.getElementById("result");
  const downloads = document.getElementById("downloads");
  const base = form.dataset.base;
  const root = form.dataset.root;
  const MOST_ROWS = 500;
  const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
  let running = null;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // IRIs of the package are pages here, wherever this server runs; others lead outside.
  const link = (iri) => {
    if (iri.startsWith(base)) {
      return element("a", iri.slice(base.length), { href: root + iri.slice(base.length), title: iri });
    }
    if (/^https?:/.test(iri)) return element("a", iri, { href: iri, rel: "noopener" });
    return element("span", iri);
  };

  const isNumber = (term) => /#(decimal|integer|nonNegativeInteger|double)$/.test(term.datatype || "");

  const cell = (term, name) => {
    const td = element("td", undefined, { "data-label": "?" + name });
    if (!term) return td;
    if (term.type === "uri") td.append(link(term.value));
    else {
      const value = element("span", term.value, isNumber(term) ? { class: "num" } : {});
      if (isNumber(term)) td.className = "format-number";
      if (term["xml:lang"]) value.append(" ", element("span", term["xml:lang"], { class: "tag" }));
      td.append(value);
    }
    return td;
  };

  const table = (answer) => {
    const names = answer.head.vars;
    const rows = answer.results.bindings;
    const wrapper = element("div", undefined, { class: "table-wrapper", tabindex: "0" });
    const made = element("table", undefined, { class: "rows-and-columns" });
    const head = element("tr");
    for (const name of names) {
      const numeric = rows.length && rows[0][name] && isNumber(rows[0][name]);
      head.append(element("th", "?" + name, { scope: "col", ...(numeric ? { class: "format-number" } : {}) }));
    }
    const thead = element("thead");
    thead.append(head);
    const body = element("tbody");
    for (const row of rows.slice(0, MOST_ROWS)) {
      const tr = element("tr");
      for (const name of names) tr.append(cell(row[name], name));
      body.append(tr);
    }
    made.append(thead, body);
    wrapper.append(made);
    return wrapper;
  };

  const show = (kind, text) => {
    if (kind === "graph") {
      result.append(element("pre", text));
      return "图 / graph";
    }
    const answer = JSON.parse(text);
    if ("boolean" in answer) {
      result.append(element("p", answer.boolean ? "是 true" : "否 false", { class: "lead" }));
      return "";
    }
    const count = answer.results.bindings.length;
    result.append(table(answer));
    const cut = count > MOST_ROWS ? `（显示前 ${MOST_ROWS} 行，下载可得全部）` : "";
    return `${count} 行 rows${cut}`;
  };

  const offer = (kind, query) => {
    for (const each of downloads.querySelectorAll("a")) {
      each.hidden = each.dataset.kind !== kind;
      each.href = `${form.action}?${new URLSearchParams({ query, format: each.dataset.format })}`;
    }
    downloads.hidden = false;
  };

  const run = async () => {
    if (running) running.abort();
    const mine = (running = new AbortController());
    const query = box.value;
    result.replaceChildren();
    error.hidden = true;
    downloads.hidden = true;
    status.textContent = "正在查询…";
    const started = performance.now();
    try {
      const response = await fetch(form.action, {
        method: "POST",
        headers: { Accept: ACCEPT },
        body: new URLSearchParams({ query }),
        signal: mine.signal,
      });
      const text = await response.text();
      if (!response.ok) throw new Error(text.trim() || `HTTP ${response.status}`);
      const kind = (response.headers.get("Content-Type") || "").includes("turtle") ? "graph" : "solutions";
      const summary = show(kind, text);
      status.textContent = `${summary} · ${Math.round(performance.now() - started)} ms`;
      offer(kind, query);
    } catch (problem) {
      if (mine.signal.aborted) return;
      status.textContent = "";
      error.textContent = problem instanceof TypeError ? "服务器没有回答。The server did not answer." : problem.message;
      error.hidden = false;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    // The address then holds the query: reloading or sharing it runs the query again.
    history.replaceState(null, "", `${form.action}?${new URLSearchParams({ query: box.value })}`);
    run();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  chooser.addEventListener("change", () => {
    const chosen = chooser.selectedOptions[0];
    if (chosen && chosen.dataset.query) box.value = chosen.dataset.query;
  });
  if (form.dataset.run) run();
})();
