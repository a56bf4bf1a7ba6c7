// 两列以上的结果画成条形图：一列数字，前面的文字列作名称。/ Bars for a result with a column of
// numbers; the text columns before it name them. No libraries.
const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 40;
const NUMBER = /#(decimal|integer|nonNegativeInteger|int|long|double|float)$/;

export const isNumber = (term) => term?.type === "literal" && NUMBER.test(term.datatype || "");

export const isYear = (term) => /#gYear$/.test(term.datatype || "") || (isNumber(term) && /^(19|20)\d\d$/.test(term.value));

// What can be drawn: the columns that name a row, and those with numbers; null if there is nothing.
export const chartable = ({ head, results }) => {
  const rows = results.bindings;
  const terms = (name) => rows.map((row) => row[name]).filter(Boolean);
  const filled = head.vars.filter((name) => terms(name).length > 0);
  const values = filled.filter((name) => terms(name).every(isNumber) && !terms(name).every(isYear));
  if (rows.length < 2 || values.length === 0) return null;
  const before = filled.slice(0, filled.indexOf(values[0]));
  const literals = before.filter((name) => terms(name).every((term) => term.type === "literal"));
  const labels = literals.length ? literals : (before.length ? before : filled.filter((name) => !values.includes(name))).slice(0, 1);
  // A column that says the same in every row tells none from another.
  const telling = labels.filter((name) => new Set(rows.map((row) => row[name]?.value)).size > 1);
  return labels.length ? { labels: telling.length ? telling : labels, values } : null;
};

export const grouped = (text) => text.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

const short = (number) => {
  const size = Math.abs(number);
  const [divisor, unit] = size >= 1e8 ? [1e8, "亿"] : size >= 1e4 ? [1e4, "万"] : [1, ""];
  return `${Number((number / divisor).toPrecision(6))}${unit}`;
};

// About four round steps that cover the numbers, zero among them.
const ticks = (low, high) => {
  const rough = (high - low) / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
  const found = [];
  for (let i = Math.floor(low / step); i <= Math.ceil(high / step); i += 1) found.push(i * step);
  return found;
};

const name = (row, labels) =>
  labels.map((each) => row[each]).filter(Boolean)
    .map((term) => (term.type === "uri" ? term.value.replace(/^.*[/#](?=.)/, "") : term.value)).join(" · ");

const shape = (kind, attributes, text) => {
  const made = document.createElementNS(SVG, kind);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
};

const cutter = (font) => {
  const context = document.createElement("canvas").getContext("2d");
  context.font = font;
  const wide = (text) => context.measureText(text).width;
  const cut = (text, room) => {
    if (wide(text) <= room) return text;
    let end = text.length;
    while (end > 1 && wide(`${text.slice(0, end)}…`) > room) end -= 1;
    return `${text.slice(0, end)}…`;
  };
  return { cut, wide };
};

// An SVG `width` pixels wide; names stand beside their bars, or above them where it is narrow.
export const draw = (answer, { labels, value, width, font }) => {
  const rows = answer.results.bindings.filter((row) => row[value]).slice(0, MOST_BARS);
  const { cut, wide } = cutter(font);
  const numbers = rows.map((row) => Number(row[value].value));
  const marks = ticks(Math.min(0, ...numbers), Math.max(0, ...numbers));
  const [low, high] = [marks[0], marks[marks.length - 1]];
  const narrow = width < 600;
  const names = rows.map((row) => name(row, labels));
  const left = narrow ? 8 : Math.min(width * 0.36, Math.max(...names.map(wide)) + 16);
  const right = Math.max(...rows.map((row) => wide(grouped(row[value].value)))) + 12;
  const [line, top, thick] = narrow ? [46, 24, 16] : [30, 26, 18];
  const height = top + rows.length * line + 6;
  const x = (number) => left + ((number - low) / (high - low)) * (width - left - right);
  const title = `${labels.map((each) => `?${each}`).join(" ")} / ?${value}`;
  const made = shape("svg", { class: "chart", width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  let last = -Infinity;
  for (const mark of marks) {
    const text = short(mark);
    if (x(mark) - wide(text) / 2 < last + 8) continue;
    last = x(mark) + wide(text) / 2;
    made.append(shape("line", { class: mark === 0 ? "zero" : "grid", x1: x(mark), x2: x(mark), y1: top - 6, y2: height }));
    made.append(shape("text", { class: "tick", x: x(mark), y: 13, "text-anchor": "middle" }, text));
  }
  rows.forEach((row, index) => {
    const y = top + index * line;
    const group = shape("g", { class: "bar" });
    group.append(shape("title", {}, `${names[index]}: ${grouped(row[value].value)}`));
    const [from, to] = [x(Math.min(0, numbers[index])), x(Math.max(0, numbers[index]))];
    const middle = narrow ? y + 20 + thick / 2 : y + line / 2 - 2;
    group.append(narrow
      ? shape("text", { x: left + 4, y: y + 14 }, cut(names[index], width - left - 8))
      : shape("text", { x: left - 8, y: middle + 4, "text-anchor": "end" }, cut(names[index], left - 12)));
    group.append(shape("rect", { x: from, y: middle - thick / 2, width: Math.max(to - from, 1), height: thick }));
    group.append(shape("text", { class: "number", x: to + 6, y: middle + 4 }, grouped(row[value].value)));
    made.append(group);
  });
  return { made, shown: rows.length };
};
