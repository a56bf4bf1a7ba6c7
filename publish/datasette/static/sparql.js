// SPARQL 页面：编辑器、示例、运行。/ The SPARQL page: editor, examples, running a query.
import { element, views } from "./sparql-results.js";

const by = (id) => document.getElementById(id);
const form = by("sparql");
const box = by("query");
const [status, error, result, tabs, downloads] = ["status", "error", "result", "tabs", "downloads"].map(by);
const site = { base: form.dataset.base, root: form.dataset.root };
const terms = JSON.parse(by("terms").textContent);
const ACCEPT = "application/sparql-results+json, text/turtle;q=0.9";
let running = null;
let wanted = "table";

// The editor is YASQE where it loads; without it the text box does.
const editor = () => {
  const Yasqe = window.Yasqe;
  if (!Yasqe) return { get: () => box.value, set: (text) => { box.value = text; }, mark: () => {} };
  const starting = (list) => (_, token) => {
    const typed = token.autocompletionString || "";
    return list.filter((iri) => iri.startsWith(typed));
  };
  // Completions are of this package's vocabulary; the originals would ask other sites.
  Yasqe.defaults.autocompleters = ["variables"];
  const prefixes = Object.entries(terms.prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  Yasqe.forkAutocompleter("prefixes", { name: "own-prefixes", persistenceId: null, get: () => prefixes });
  Yasqe.forkAutocompleter("class", { name: "own-classes", persistenceId: null, get: starting(terms.classes) });
  Yasqe.forkAutocompleter("property", { name: "own-properties", persistenceId: null, get: starting(terms.properties) });
  const submit = () => form.requestSubmit();
  const made = new Yasqe(by("editor"), {
    value: box.value, persistenceId: null, consumeShareLink: null, createShareableLink: null,
    showQueryButton: false, resizeable: true, editorHeight: "22rem",
    extraKeys: { "Ctrl-Enter": submit, "Cmd-Enter": submit, "Ctrl-S": () => {} },
  });
  made.getInputField().setAttribute("aria-label", "SPARQL");
  box.hidden = true;
  return {
    get: () => made.getValue(),
    set: (text) => made.setValue(text),
    mark: (line, column) => {
      made.focus();
      made.getDoc().setCursor(line - 1, column - 1);
    },
  };
};
const query = editor();

const show = (list) => {
  const choose = (view) => {
    result.replaceChildren(view.make());
    for (const tab of tabs.children) tab.setAttribute("aria-pressed", String(tab.dataset.view === view.id));
  };
  tabs.replaceChildren();
  for (const view of list) {
    const tab = element("button", view.title, { type: "button", "data-view": view.id });
    tab.append(" ", element("span", view.en, { class: "en", lang: "en" }));
    tab.addEventListener("click", () => {
      wanted = view.id;
      choose(view);
    });
    tabs.append(tab);
  }
  tabs.hidden = list.length < 2;
  choose(list.find((view) => view.id === wanted) || list[0]);
};

const offer = (kind, text) => {
  for (const each of downloads.querySelectorAll("a")) {
    each.hidden = each.dataset.kind !== kind;
    each.href = `${form.action}?${new URLSearchParams({ query: text, format: each.dataset.format })}`;
  }
  downloads.hidden = false;
};

const run = async () => {
  if (running) running.abort();
  const mine = (running = new AbortController());
  const text = query.get();
  result.replaceChildren();
  for (const each of [error, tabs, downloads]) each.hidden = true;
  status.textContent = "正在查询…";
  const started = performance.now();
  try {
    const response = await fetch(form.action, {
      method: "POST", headers: { Accept: ACCEPT }, body: new URLSearchParams({ query: text }), signal: mine.signal,
    });
    const body = await response.text();
    if (!response.ok) throw new Error(body.trim() || `HTTP ${response.status}`);
    const kind = (response.headers.get("Content-Type") || "").includes("turtle") ? "graph" : "solutions";
    const { summary, list } = views(kind, body, site);
    show(list);
    status.textContent = [summary, `${Math.round(performance.now() - started)} ms`].filter(Boolean).join(" · ");
    offer(kind, text);
  } catch (problem) {
    if (mine.signal.aborted) return;
    status.textContent = "";
    error.textContent = problem instanceof TypeError ? "服务器没有回答。The server did not answer." : problem.message;
    error.hidden = false;
    const place = /error at (\d+):(\d+)/.exec(problem.message);
    if (place) query.mark(Number(place[1]), Number(place[2]));
  }
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // The address then holds the query: reloading or sharing it runs the query again.
  history.replaceState(null, "", `${form.action}?${new URLSearchParams({ query: query.get() })}`);
  run();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});
by("examples").addEventListener("click", (event) => {
  const chosen = event.target.closest("a.example");
  if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  query.set(new URL(chosen.href).searchParams.get("query"));
  form.requestSubmit();
  form.scrollIntoView({ block: "start" });
});
if (form.dataset.run) run();
