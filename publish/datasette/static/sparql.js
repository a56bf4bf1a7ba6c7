// SPARQL 页面：YASGUI 的标签页、示例和下载。没有脚本时页面是一个普通表单。
// The SPARQL page: YASGUI with our examples, completions and views. Without it the form does.
import { setUpViews } from "./sparql-views.js";

const by = (id) => document.getElementById(id);
const workbench = by("workbench");
const [box, examples, downloads, needs] = ["query", "examples", "downloads", "needs"].map(by);
const site = { base: workbench.dataset.base, root: workbench.dataset.root };
const page = new URL(by("sparql").action);
const address = (fields) => `${page.href}?${new URLSearchParams(fields)}`;
const known = [...examples.querySelectorAll("a.example")].map((link) => ({
  title: link.dataset.title, query: new URL(link.href).searchParams.get("query"),
  needs: link.parentElement.querySelector("template"),
}));
const exampleOf = (query) => known.find((each) => each.query.trim() === query.trim());

const terms = JSON.parse(by("terms").textContent);
const NEW = `${["rdfs", "skos", "ys"].map((name) => `PREFIX ${name}: <${terms.prefixes[name]}>\n`).join("")}SELECT * WHERE {
  ?thing a ?class ; ?property ?value .
}
LIMIT 10
`;

// Completions are of this package's vocabulary; the originals would ask other sites.
const setUpCompletions = (Yasqe) => {
  const starting = (list) => (_, token) => {
    const typed = token.autocompletionString || "";
    return list.filter((iri) => iri.startsWith(typed));
  };
  const prefixes = Object.entries(terms.prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  Yasqe.defaults.autocompleters = ["variables"];
  Yasqe.forkAutocompleter("prefixes", { name: "own-prefixes", persistenceId: null, get: () => prefixes });
  Yasqe.forkAutocompleter("class", { name: "own-classes", persistenceId: null, get: starting(terms.classes) });
  Yasqe.forkAutocompleter("property", { name: "own-properties", persistenceId: null, get: starting(terms.properties) });
};

// The endpoint knows these prefixes; the editor wants each declared that is used.
const declared = (query) => {
  const names = query.replace(/<[^<>\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#.*/g, " ");
  const missing = Object.entries(terms.prefixes).filter(([name]) =>
    new RegExp(`(?<![\\w:.-])${name}:`).test(names) && !new RegExp(`\\bprefix\\s+${name}:`, "i").test(names));
  return missing.map(([name, iri]) => `PREFIX ${name}: <${iri}>\n`).join("") + query;
};

const start = (Yasgui) => {
  setUpCompletions(Yasgui.Yasqe);
  const markError = (message) => {
    const place = /error at (\d+):(\d+)/.exec(message);
    if (place) desk.getTab().getYasqe().getDoc().setCursor(Number(place[1]) - 1, Number(place[2]) - 1);
  };
  setUpViews(Yasgui.Yasr, site, markError);
  Yasgui.Tab.prototype.getShareableLink = function shareable() {
    return address({ query: this.getQuery() });
  };
  const desk = new Yasgui(workbench, {
    // Tabs are kept in the browser, for each package its own; their results are not: the data may
    // have been built anew.
    persistenceId: `yusuan ${page.href} ${site.base}`,
    autofocus: false, autoAddOnInit: false, populateFromUrl: false, tabName: "查询 Query",
    requestConfig: {
      endpoint: page.href, method: "POST",
      acceptHeaderSelect: "application/sparql-results+json", acceptHeaderGraph: "text/turtle",
    },
    endpointCatalogueOptions: { getData: () => [] },
    // The Tab key leaves the editor, as it does any other field: no trap for a keyboard.
    yasqe: { value: NEW, editorHeight: "22rem", extraKeys: { Tab: false, "Shift-Tab": false } },
    yasr: { maxPersistentResponseSize: 0 },
  });

  // What belongs to the tab that is shown: the examples beside its editor, the downloads below its
  // result, and the address, which reloads or shares a query that was run.
  const accompany = () => {
    const tab = desk.getTab();
    workbench.querySelector(".tabPanel.active .editorwrapper")?.append(examples);
    // A list of tabs has nothing but tabs; the button that adds one stands among them.
    const add = workbench.querySelector(".tabsList .addTab");
    add?.setAttribute("role", "tab");
    add?.setAttribute("aria-selected", "false");
    for (const scrolled of workbench.querySelectorAll(".CodeMirror-scroll")) scrolled.tabIndex = 0;
    for (const editor of workbench.querySelectorAll(".CodeMirror textarea")) editor.setAttribute("aria-label", "SPARQL");
    const results = tab.getYasr()?.results;
    const answered = Boolean(results) && !results.hasError();
    const query = tab.getQuery();
    if (answered) {
      const kind = results.getType() === "ttl" ? "graph" : "solutions";
      by("explained").href = address({ query, explain: "sql" });
      for (const each of downloads.querySelectorAll("a[data-format]")) {
        each.hidden = each.dataset.kind !== kind;
        each.href = address({ query, format: each.dataset.format });
      }
      tab.getYasr().rootEl.append(needs, downloads);
    }
    // A question that this package has no answer to says what it needs.
    const wanting = answered && results.getBindings()?.length === 0 && exampleOf(query)?.needs;
    needs.replaceChildren(...(wanting ? [wanting.content.cloneNode(true)] : []));
    needs.hidden = !wanting;
    downloads.hidden = !answered;
    history.replaceState(null, "", results ? address({ query }) : page.href);
  };
  // YASGUI tells of these before it has done them.
  const soon = () => setTimeout(accompany);
  for (const event of ["tabSelect", "tabAdd", "tabClose", "queryResponse"]) desk.on(event, soon);
  desk.on("query", () => { downloads.hidden = needs.hidden = true; });

  const open = (given, run) => {
    const query = declared(given);
    const there = Object.values(desk._tabs).find((tab) => tab.getPersistedJson().yasqe.value.trim() === query.trim());
    if (there) desk.selectTabId(there.getId());
    else desk.addTab(true, { name: desk.createTabName(exampleOf(query)?.title), yasqe: { value: query } });
    if (run) desk.getTab().query().catch(() => {}); // the error is shown as the result
  };

  by("plain").replaceWith(examples);
  workbench.hidden = false;
  const asked = Boolean(workbench.dataset.run);
  if (asked || !desk.getTab()) open(box.value, asked);
  else desk.getTab().show();
  accompany();
  examples.addEventListener("click", (event) => {
    const chosen = event.target.closest("a.example");
    if (!chosen || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(new URL(chosen.href).searchParams.get("query"), true);
    workbench.scrollIntoView({ block: "start" });
  });
};

if (window.Yasgui) start(window.Yasgui);
