"use strict";
const form = document.getElementById("filters");
if (form) {
  const cards = [...document.querySelectorAll("article")];
  const words = new Map(cards.map((card) => [card, card.querySelector(".told").textContent.toLowerCase()]));
  const filter = () => {
    const verdicts = [...form.elements.namedItem("verdict").length ? form.elements.namedItem("verdict") : [form.elements.namedItem("verdict")]]
      .filter((box) => box.checked).map((box) => box.value);
    const { table, rule, text } = form.elements;
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const card of cards) {
      const fits = verdicts.includes(card.dataset.verdict)
        && (!table.value || card.dataset.table === table.value)
        && (!rule.value || card.dataset.rule === rule.value)
        && words.get(card).includes(wanted);
      card.hidden = !fits;
      shown += fits;
    }
    for (const section of document.querySelectorAll("section.document"))
      section.hidden = !section.querySelector("article:not([hidden])") && Boolean(section.querySelector("article"));
    form.querySelector("output").value = shown;
    document.getElementById("nothing").hidden = shown > 0;
  };
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("print").addEventListener("click", () => print());
  filter();
}
