// 核对台：放入文件、看结果、作决定、取走结果 / the check desk: files in, findings, decisions, results out
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("words").textContent);
  const at = (id) => document.getElementById(id);
  const REVIEWER = "yusuan.reviewer";
  let shownReport = "", state = null, arriving = new Map(), closed = false;

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  };
  const tell = (text) => {
    at("problem").textContent = text ? words.failed + text : "";
    at("problem").hidden = !text;
  };
  const ask = async (path, body) => {
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(body ?? {}) });
    const found = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Error(found.problem ?? String(answer.status));
    return found;
  };
  const doing = async (work) => {
    tell("");
    try { await work(); } catch (error) { tell(error.message); }
    await look();
  };
  const size = (bytes) => bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

  // files
  const put = async (files) => {
    if (!files.length) return;
    tell("");
    const refused = [];
    for (const [file, name] of files) arriving.set(name, file.size);
    show();
    for (const [file, name] of files) {
      try {
        const answer = await fetch(`files?name=${encodeURIComponent(name)}`, { method: "POST", body: file });
        if (!answer.ok) refused.push((await answer.json()).problem);
      } catch (error) { refused.push(`${name}: ${error.message}`); }
      arriving.delete(name);
      await look();
    }
    if (refused.length) tell(refused.join("; "));
    else await doing(() => ask("check"));
  };
  const entries = async (entry, before = "") => {
    const name = before + entry.name;
    if (entry.isFile) return [[await new Promise((yes, no) => entry.file(yes, no)), name]];
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((yes, no) => reader.readEntries(yes, no));
      if (!some.length) break;
      for (const each of some) if (!each.name.startsWith(".")) found.push(...await entries(each, `${name}/`));
    }
    return found;
  };
  const drop = at("drop");
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
  document.addEventListener("drop", async (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    const held = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const files = held.length ? (await Promise.all(held.map((each) => entries(each)))).flat()
      : [...event.dataTransfer.files].map((file) => [file, file.name]);
    await put(files);
  });
  at("choose").addEventListener("change", async (event) => {
    const files = [...event.target.files].map((file) => [file, file.name]);
    event.target.value = "";
    await put(files);
  });

  // what is shown
  const showFiles = () => {
    const busy = state.phase === "checking";
    const rows = state.files.filter((file) => !arriving.has(file.name)).map((file) => element("tr", {},
      element("td", {}, file.name, file.reason ? element("small", {}, file.reason) : null),
      element("td", { className: "number" }, size(file.size)),
      element("td", { className: file.state }, words[`state_${busy && file.state === "waiting" ? "reading" : file.state}`]),
      element("td", {}, element("button", { type: "button", disabled: state.phase !== "idle",
        ariaLabel: `${words.remove} ${file.name}`, onclick: () => doing(() => ask("remove", { name: file.name })) }, words.remove))));
    for (const [name, bytes] of arriving) rows.push(element("tr", {}, element("td", {}, name),
      element("td", { className: "number" }, size(bytes)), element("td", {}, words.state_arriving), element("td")));
    at("files").tBodies[0].replaceChildren(...rows);
    at("files").hidden = !rows.length;
    at("told").replaceChildren(...state.told.map((text) => element("li", {}, text)));
    at("told").hidden = !state.told.length;
    at("check").disabled = !state.files.length || state.phase !== "idle" || arriving.size > 0;
    at("check").textContent = state.checked ? words.check_again : words.check;
    at("phase").textContent = words[`phase_${state.phase}`];
  };
  const showFindings = () => {
    for (const each of document.querySelectorAll("[data-unchecked]")) each.hidden = state.checked;
    for (const each of document.querySelectorAll("[data-checked]")) each.hidden = !state.checked;
    const counts = Object.entries(words.verdicts).filter(([name]) => state.counts[name]);
    at("counts").replaceChildren(...(counts.length ? counts.map(([name, title]) => element("li", { className: name },
      element("b", {}, String(state.counts[name])), title)) : [element("li", {}, words.clean)]));
    const report = state.checked ? `${state.files.map((file) => file.name + file.size).join()}` : "";
    if (report !== shownReport) {
      shownReport = report;
      if (report) at("report").src = `report?${Date.now()}`;
      else at("report").removeAttribute("src");
    }
  };
  const decision = (row) => row.decision || (row.comment ? "dismiss" : "");
  const proposal = (row) => {
    const chosen = decision(row);
    const corrected = element("input", { value: row.corrected, maxLength: 100, size: 12, className: "corrected" });
    const comment = element("input", { value: row.comment, maxLength: 500, className: "comment" });
    const enter = (kind) => doing(async () => {
      const reviewer = at("reviewer").value.trim();
      if (kind && !reviewer) { at("reviewer").focus(); throw new Error(words.reviewer_needed); }
      if (kind === "accept" && !row.proposed && !corrected.value.trim()) { corrected.focus(); throw new Error(words.number_needed); }
      if ((kind === "reject" || kind === "dismiss") && !comment.value.trim()) { comment.focus(); throw new Error(words.comment_needed); }
      await ask("decide", { key: row.key, decision: kind === "dismiss" ? "" : kind, reviewer: kind ? reviewer : "",
        corrected: kind === "accept" ? corrected.value : "", comment: kind ? comment.value : "" });
    });
    const button = (kind) => element("button", { type: "button", onclick: () => enter(kind) }, words[kind]);
    const withUnit = (text) => row.unit && !text.endsWith(row.unit) ? text + row.unit : text;
    const acts = chosen
      ? [element("span", { className: "verdict" }, [words[`is_${chosen}`], chosen === "accept" ? row.corrected || row.proposed : "", row.comment, row.reviewer].filter(Boolean).join(" · ")),
         element("button", { type: "button", onclick: () => enter("") }, words.undo)]
      : [element("label", {}, words.corrected, corrected), element("label", {}, words.comment, comment), button("accept"), button("reject"), button("dismiss")];
    const made = element("article", { className: "proposal" },
      element("p", { className: "place" }, state.files.length > 1 ? `${row.file} · ` : "", row.place, row.certainty ? ` · ${row.certainty}` : ""),
      element("p", { className: "numbers" },
        element("span", {}, element("small", {}, words.printed), " ", element("s", {}, withUnit(row.printed))),
        element("span", {}, element("small", {}, words.proposed), " ", row.proposed ? element("b", {}, withUnit(row.proposed)) : words.nothing_proposed)),
      element("p", {}, row.reason), row.note ? element("p", { className: "place" }, row.note) : null,
      element("div", { className: "acts" }, ...acts,
        row.number ? element("a", { href: `report#f${row.number}`, onclick: (event) => {
          event.preventDefault();
          at("report").contentWindow.location.hash = `f${row.number}`;
          at("report").scrollIntoView({ behavior: "smooth", block: "start" });
        } }, words.see) : null));
    made.dataset.decision = chosen;
    made.dataset.key = row.key;
    return made;
  };
  let shownProposals = "";
  const showDecisions = () => {
    const now = JSON.stringify(state.proposals);
    if (now !== shownProposals) {  // what is being typed stays while nothing changes
      const typed = new Map([...at("proposals").querySelectorAll("article")].map((each) =>
        [each.dataset.key, [...each.querySelectorAll("input")].map((input) => input.value)]));
      shownProposals = now;
      at("proposals").replaceChildren(...(state.proposals.length ? state.proposals.map(proposal)
        : [element("p", { className: "soft" }, words.no_proposals)]));
      for (const each of at("proposals").querySelectorAll("article"))
        (typed.get(each.dataset.key) ?? []).forEach((value, place) => { const input = each.querySelectorAll("input")[place]; if (input) input.value = value; });
    }
    const done = state.proposals.filter((row) => decision(row)).length;
    at("decided").textContent = state.proposals.length ? words.decided.replace("{done}", done).replace("{all}", state.proposals.length) : "";
  };
  const showResults = () => {
    at("package").hidden = !state.built;
    for (const each of document.querySelectorAll("#build button, #publish button")) each.disabled = state.phase !== "idle";
    at("published").textContent = state.published ? words.published.replace("{folder}", state.published) : "";
  };
  const show = () => { if (state) { showFiles(); showFindings(); showDecisions(); showResults(); } };
  const look = async () => {
    if (closed) return;
    try {
      const answer = await fetch("state");
      if (!answer.ok) throw new Error(String(answer.status));
      const before = state?.phase;
      state = await answer.json();
      if (before === "checking" && state.phase === "idle") shownReport = "";
      if (state.problem && before !== "idle") tell(state.problem);
      show();
      document.body.dataset.phase = arriving.size ? "arriving" : state.phase;
    } catch { tell(words.stopped); }
  };
  const again = async () => { await look(); if (!closed) setTimeout(again, state && state.phase === "idle" ? 4000 : 500); };

  at("check").addEventListener("click", () => doing(() => ask("check")));
  for (const name of ["build", "publish"]) at(name).addEventListener("submit", (event) => {
    event.preventDefault();
    doing(() => ask(name, Object.fromEntries(new FormData(event.target))));
  });
  at("close").addEventListener("click", async () => {
    if (!confirm(words.close_sure)) return;
    closed = true;
    await ask("close").catch(() => {});
    document.querySelector("main").replaceChildren(element("p", {}, words.closed));
    at("close").remove();
  });
  at("reviewer").value = sessionStorage.getItem(REVIEWER) ?? "";
  at("reviewer").addEventListener("input", () => sessionStorage.setItem(REVIEWER, at("reviewer").value));
  again();
})();
