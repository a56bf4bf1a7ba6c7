// Files of the tables of a page, made here of what the page shows: CSV (UTF-8 with a byte order mark),
// JSON, and XLSX of all its tables. A folder without a server has no room for a file of each table.
"use strict";
(() => {
  const zh = document.documentElement.lang.startsWith("zh");
  const words = zh
    ? { download: "下载此表", note: "说明", source: "来源", address: "地址", licence: "许可" }
    : { download: "Download this table", note: "Note", source: "Source", address: "Address", licence: "Licence" };
  const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
  const KINDS = {
    csv: "text/csv;charset=utf-8", json: "application/json",
    xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  };

  /** What a cell holds, without the mark of a finding. */
  function textOf(td) {
    const copy = td.cloneNode(true);
    for (const flag of copy.querySelectorAll("a.flag, img")) flag.remove();
    return copy.textContent.trim();
  }

  function read(section) {
    const table = section.querySelector("table.rows-and-columns");
    const columns = [...table.tHead.rows[0].cells].map((th) => ({ name: th.dataset.column, title: th.textContent.trim(), number: th.classList.contains("number") }));
    const rows = [...table.tBodies[0].rows].map((tr) => ({
      kind: tr.className || "detail", level: Number(tr.dataset.level || 1),
      cells: [...tr.cells].map((td, place) => {
        const text = textOf(td), plain = text.replace(/,/g, "");
        return columns[place].number && NUMBER.test(plain) ? { text: plain, number: true } : { text, number: false };
      }),
    }));
    return { name: section.id, title: section.querySelector("h2").textContent.trim(), note: (section.querySelector("p.note") || { textContent: "" }).textContent, columns, rows };
  }

  function about() {
    const licence = document.querySelector("a[rel=license]");
    return {
      title: document.querySelector("h1").textContent.trim(), source: document.querySelector(".brand").textContent.trim(),
      address: location.href.replace(/#.*/, ""), licence: licence ? `${licence.textContent} ${licence.href}` : "",
    };
  }

  function csv(table) {
    const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    const lines = [table.columns.map((column) => column.title), ...table.rows.map((row) => row.cells.map((cell) => cell.text))];
    return `\ufeff${lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("")}`;
  }

  /** Numbers are exact decimals, written as texts. */
  function json(table) {
    return JSON.stringify({
      ...about(),
      tables: [{
        name: table.name, title: table.title, columns: table.columns.map(({ name, title }) => ({ name, title })),
        rows: table.rows.map((row) => ({
          ...Object.fromEntries(row.cells.map((cell, place) => [table.columns[place].name, cell.text === "" ? null : cell.text])),
          ...(row.kind === "detail" ? {} : { row_kind: row.kind }),
        })),
      }],
    }, null, 1);
  }

  // --- XLSX (ECMA-376): a ZIP of XML, stored

  const xml = (text) => text.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/gu, "").replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
  const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const [BOLD, MONEY, BOLD_MONEY] = [1, 2, 3];

  function cellXml(text, number, style) {
    if (text === "") return "<c/>";
    return number ? `<c s="${style}"><v>${text}</v></c>` : `<c t="inlineStr" s="${style}"><is><t xml:space="preserve">${xml(text)}</t></is></c>`;
  }

  function sheetXml(rows, widths, frozen) {
    const pane = frozen ? '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>' : "";
    const columns = widths.map((width, place) => `<col min="${place + 1}" max="${place + 1}" width="${width}" customWidth="1"/>`).join("");
    return `${HEAD}<worksheet xmlns="${MAIN}">${pane}<cols>${columns}</cols><sheetData>${rows.map((cells) => `<row>${cells.join("")}</row>`).join("")}</sheetData></worksheet>`;
  }

  function tableXml(table) {
    const money = table.columns.map((column, place) => column.number && table.rows.some((row) => /\.[0-9]{2}$/.test(row.cells[place].text)));
    const style = (place, row) => {
      const bold = row.kind === "total" || row.kind === "sum";
      if (money[place] && row.cells[place].number) return bold ? BOLD_MONEY : MONEY;
      return bold ? BOLD : 0;
    };
    const widths = table.columns.map((column, place) => Math.min(60, Math.max(8, 2 * column.title.length, ...table.rows.map((row) => row.cells[place].text.length * (row.cells[place].number ? 1.3 : 2)))));
    const rows = [
      table.columns.map((column) => cellXml(column.title, false, BOLD)),
      ...table.rows.map((row) => row.cells.map((cell, place) => cellXml(cell.text, cell.number, style(place, row)))),
    ];
    return sheetXml(rows, widths, true);
  }

  function workbook(tables) {
    const taken = new Set();
    const names = [words.note, ...tables.map((table) => table.title)].map((title) => {
      const plain = title.replace(/[[\]:*?/\\']/g, "").slice(0, 31) || "-";
      let name = plain;
      for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${plain.slice(0, 27)} ${number}`;
      taken.add(name.toLowerCase());
      return name;
    });
    const told = about();
    const said = [[told.title, ""], [words.source, told.source], [words.address, told.address], [words.licence, told.licence], ...tables.map((table, place) => [names[place + 1], table.note])];
    const sheets = [sheetXml(said.map((line) => line.map((text) => cellXml(text, false, 0))), [24, 80], false), ...tables.map(tableXml)];
    const numbers = sheets.map((_, place) => place + 1);
    const part = (name, kind) => `<Override PartName="/xl/${name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
    const relation = (id, kind, target) => `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
    return zipped({
      "[Content_Types].xml": `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${part("workbook", "sheet.main")}${part("styles", "styles")}${numbers.map((number) => part(`worksheets/sheet${number}`, "worksheet")).join("")}</Types>`,
      "_rels/.rels": `${HEAD}<Relationships xmlns="${RELATIONS}">${relation("r1", "officeDocument", "xl/workbook.xml")}</Relationships>`,
      "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${numbers.map((number) => `<sheet name="${xml(names[number - 1])}" sheetId="${number}" r:id="s${number}"/>`).join("")}</sheets></workbook>`,
      "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${RELATIONS}">${relation("styles", "styles", "styles.xml")}${numbers.map((number) => relation(`s${number}`, "worksheet", `worksheets/sheet${number}.xml`)).join("")}</Relationships>`,
      "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf fontId="1" numFmtId="4" applyFont="1" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
      ...Object.fromEntries(sheets.map((sheet, place) => [`xl/worksheets/sheet${place + 1}.xml`, sheet])),
    });
  }

  const CRC = Array.from({ length: 256 }, (_, place) => {
    let value = place;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });

  function zipped(files) {
    const parts = [], listed = [];
    let offset = 0;
    const record = (size, values) => {
      const view = new DataView(new ArrayBuffer(size));
      for (const [at, width, value] of values) view[width === 2 ? "setUint16" : "setUint32"](at, value, true);
      return view;
    };
    for (const [path, text] of Object.entries(files)) {
      const [name, content] = [path, text].map((each) => new TextEncoder().encode(each));
      const crc = (content.reduce((value, byte) => CRC[(value ^ byte) & 255] ^ (value >>> 8), 0xffffffff) ^ 0xffffffff) >>> 0;
      // version 2.0, names in UTF-8, stored, 1 January 1980
      const common = (at) => [[at, 2, 20], [at + 2, 2, 0x800], [at + 4, 2, 0], [at + 6, 2, 0], [at + 8, 2, 33], [at + 10, 4, crc], [at + 14, 4, content.length], [at + 18, 4, content.length], [at + 22, 2, name.length]];
      parts.push(record(30, [[0, 4, 0x04034b50], ...common(4)]), name, content);
      listed.push(record(46, [[0, 4, 0x02014b50], [4, 2, 20], ...common(6), [42, 4, offset]]), name);
      offset += 30 + name.length + content.length;
    }
    const size = listed.reduce((sum, each) => sum + each.byteLength, 0), count = listed.length / 2;
    return [...parts, ...listed, record(22, [[0, 4, 0x06054b50], [8, 2, count], [10, 2, count], [12, 4, size], [16, 4, offset]])];
  }

  function save(kind, name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content].flat(), { type: KINDS[kind] }));
    link.download = `${name}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  const page = location.pathname.split("/").pop().replace(/\.html$/, "");
  const sections = [...document.querySelectorAll("section.view-table")];
  for (const section of sections) {
    const box = section.appendChild(document.createElement("div"));
    box.className = "downloads";
    box.append(words.download);
    for (const kind of Object.keys(KINDS)) {
      const button = box.appendChild(document.createElement("button"));
      button.type = "button";
      button.dataset.file = kind;
      button.textContent = kind.toUpperCase();
      button.addEventListener("click", () => {
        if (kind === "xlsx") save(kind, page, workbook(sections.map(read)));
        else save(kind, `${page}-${section.id}`, (kind === "csv" ? csv : json)(read(section)));
      });
    }
  }
})();
