// Datasette 的 SQL 编辑器：其输入框没有名称 / Datasette's editor of SQL: the field it types into has no name.
"use strict";
addEventListener("load", () => {
  for (const field of document.querySelectorAll(".CodeMirror textarea")) field.setAttribute("aria-label", "SQL");
});
