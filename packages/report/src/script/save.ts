/** Buttons that save each chart as SVG and PNG, in the colours of paper, and each table as CSV and LaTeX. */
export const save = `
const slug = (text) => text.trim().toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
const nameOf = (element) => {
  const headings = [];
  for (let at = element.closest("[aria-label]"); at; at = at.parentElement && at.parentElement.closest("[aria-label]"))
    if (at.matches("section, article")) headings.unshift(at.getAttribute("aria-label"));
  const own = element.closest("figure, details")?.querySelector("h4, summary");
  return slug([...headings, own ? own.textContent : ""].join(" ")) || "figure";
};
const download = (blob, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};
const bar = (buttons) => {
  const row = document.createElement("div");
  row.className = "save";
  for (const [text, label, click] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.setAttribute("aria-label", label);
    button.addEventListener("click", click);
    row.append(button);
  }
  return row;
};

const SVG = "http://www.w3.org/2000/svg";
const looks = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity"];
const fonts = ["font-family", "font-size", "font-weight", "text-anchor"];
// A chart by itself: what the page's style sheet says is written into it, and what is hidden is left out.
const alone = (chart) => {
  const root = document.documentElement;
  root.classList.add("paper");
  const copy = chart.cloneNode(true);
  const originals = [chart, ...chart.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, i) => {
    const style = getComputedStyle(originals[i]);
    if (style.display === "none" || one.matches(".rule, title")) return one.remove();
    for (const name of one.matches("text") ? [...looks, ...fonts] : looks) {
      const value = style.getPropertyValue(name);
      if (one !== copy && value) one.setAttribute(name, value);
    }
  });
  for (const one of [copy, ...copy.querySelectorAll("*")])
    for (const name of ["class", "style", "tabindex", "data-readout", "role", "aria-hidden"]) one.removeAttribute(name);
  const lines = chart.dataset.readout ? JSON.parse(chart.dataset.readout).lines : [];
  let height = chart.viewBox.baseVal.height;
  const width = chart.viewBox.baseVal.width;
  // Names that did not fit beside the lines stand below.
  if (lines.length > 1 && !chart.querySelector(".name")) {
    const ink = getComputedStyle(root).getPropertyValue("--ink");
    let x = 8;
    height += 16;
    for (const { name, slot } of lines) {
      const line = chart.querySelector(".s" + slot + " .line");
      if (!line || getComputedStyle(line.closest(".s" + slot)).display === "none") continue;
      const room = name.length * 6.6 + 44;
      if (x > 8 && x + room > width) { x = 8; height += 16; }
      const mark = document.createElementNS(SVG, "path");
      mark.setAttribute("d", "M" + x + " " + (height - 8) + "h24");
      for (const look of looks) mark.setAttribute(look, getComputedStyle(line).getPropertyValue(look));
      const text = document.createElementNS(SVG, "text");
      text.setAttribute("x", x + 30);
      text.setAttribute("y", height - 4);
      text.setAttribute("fill", ink.trim());
      text.setAttribute("font-size", "12px");
      text.setAttribute("font-family", getComputedStyle(chart).fontFamily);
      text.textContent = name;
      copy.append(mark, text);
      x += room;
    }
  }
  root.classList.remove("paper");
  copy.setAttribute("xmlns", SVG);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.setAttribute("viewBox", "0 0 " + width + " " + height);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
};
const saveSvg = (chart) => download(new Blob([alone(chart).text], { type: "image/svg+xml" }), nameOf(chart) + ".svg");
// Three pixels for each of the screen's: enough for print.
const savePng = async (chart) => {
  const { text, width, height } = alone(chart);
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * 3;
  canvas.height = height * 3;
  const context = canvas.getContext("2d");
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  canvas.toBlob((blob) => download(blob, nameOf(chart) + ".png"), "image/png");
};
for (const chart of document.querySelectorAll("svg.chart"))
  chart.closest("figure").append(bar([
    ["SVG", "Save this chart as SVG", () => saveSvg(chart)],
    ["PNG", "Save this chart as PNG", () => savePng(chart)],
  ]));

// A mean and its deviation, or the two ends of an interval, with a unit or without.
const pair = /^([+-]?[\\d.]+(?:e[+-]?\\d+)?)(?:( ± | to )([+-]?[\\d.]+(?:e[+-]?\\d+)?))?( %|°)?$/;
const rowsOf = (table) => [...table.rows].map((row) =>
  [...row.cells].filter((cell) => !cell.matches(".strip")).map((cell) => cell.textContent.trim().replaceAll("−", "-").replace(/^–$/, "")));
const csvOf = (table) => {
  const [head, ...rows] = rowsOf(table);
  const parts = (text) => {
    const [, first, , second] = pair.exec(text) ?? [];
    return first === undefined ? [text] : second === undefined ? [first] : [first, second];
  };
  const names = head.map((name, i) => {
    const twice = rows.find((row) => parts(row[i] ?? "").length === 2);
    if (!twice) return [name];
    return twice[i].includes(" to ") ? [name + ", low", name + ", high"] : [name, name + ", sd"];
  });
  const quote = (text) => /[",\\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  const lines = rows.map((row) => names.flatMap((name, i) => {
    const cells = parts(row[i] ?? "");
    return name.map((_, part) => cells[part] ?? "");
  }));
  return [names.flat(), ...lines].map((line) => line.map(quote).join(",")).join("\\n") + "\\n";
};
const special = { "\\\\": "\\\\textbackslash{}", "~": "\\\\textasciitilde{}", "^": "\\\\textasciicircum{}", "–": "--", "±": "$\\\\pm$", "°": "$^\\\\circ$" };
const escaped = (text) => text.replace(/[\\\\&%$#_{}~^–±°]/g, (one) => special[one] ?? "\\\\" + one);
const latexOf = (table) => {
  const [head, ...rows] = rowsOf(table);
  const cell = (text) => {
    const [, first, how, second, unit = ""] = pair.exec(text) ?? [];
    if (first === undefined) return escaped(text);
    const number = (one) => one.replace(/e([+-]?)0*(\\d+)$/, (_, sign, power) => " \\\\times 10^{" + (sign === "-" ? "-" : "") + power + "}");
    const body = second === undefined ? number(first) : how === " to " ? "[" + number(first) + ", " + number(second) + "]" : number(first) + " \\\\pm " + number(second);
    return "$" + body + (unit === "°" ? "^\\\\circ" : "") + "$" + (unit === " %" ? "\\\\,\\\\%" : "");
  };
  const line = (cells) => cells.join(" & ") + " \\\\\\\\";
  return ["% \\\\usepackage{booktabs}", "\\\\begin{tabular}{l" + "r".repeat(head.length - 1) + "}", "\\\\toprule", line(head.map(escaped)), "\\\\midrule", ...rows.map((row) => line(row.map(cell))), "\\\\bottomrule", "\\\\end{tabular}", ""].join("\\n");
};
for (const table of document.querySelectorAll(".wide > table")) {
  const write = (text, type, ending) => download(new Blob([text], { type }), nameOf(table) + ending);
  table.parentElement.after(bar([
    ["CSV", "Save this table as CSV", () => write(csvOf(table), "text/csv", ".csv")],
    ["LaTeX", "Save this table as LaTeX", () => write(latexOf(table), "application/x-tex", ".tex")],
  ]));
}
`;
