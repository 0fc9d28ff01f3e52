/** What the pointer, or the arrow keys, read in a chart; the numbers are in the page's tables, too. */
export const readout = `
const box = document.createElement("div");
box.className = "readout";
box.setAttribute("role", "status");
document.body.append(box);
for (const chart of document.querySelectorAll("svg[data-readout]")) {
  const { names, x, y, lines } = JSON.parse(chart.dataset.readout);
  // The browser's own tooltips would come on top.
  for (const title of chart.querySelectorAll("title")) title.remove();
  const rule = document.createElementNS("http://www.w3.org/2000/svg", "path");
  rule.setAttribute("class", "rule");
  chart.append(rule);
  chart.tabIndex = 0;
  let at = -1;
  const hide = () => {
    at = -1;
    rule.removeAttribute("d");
    box.classList.remove("shown");
  };
  const show = (index) => {
    at = Math.min(Math.max(index, 0), names.length - 1);
    rule.setAttribute("d", "M" + x[at] + " " + y[0] + "V" + y[1]);
    const head = document.createElement("b");
    head.textContent = names[at];
    const rows = lines.filter(({ slot, values }) => {
      const drawn = chart.querySelector(".s" + slot);
      return values[at] !== null && drawn && getComputedStyle(drawn).display !== "none";
    }).map(({ name, slot, values }) => {
      const row = document.createElement("div");
      const dot = document.createElement("i");
      dot.style.background = "var(--series-" + slot % 6 + ")";
      const value = document.createElement("span");
      value.textContent = values[at];
      row.append(dot, name + " ", value);
      return row;
    });
    box.replaceChildren(head, ...rows);
    box.classList.add("shown");
    const area = chart.getBoundingClientRect();
    const scale = area.width / chart.viewBox.baseVal.width;
    const place = area.left + x[at] * scale;
    const room = document.documentElement.clientWidth - box.offsetWidth - 8;
    const right = place + 14;
    box.style.left = Math.max(8, right <= room ? right : Math.min(room, place - 14 - box.offsetWidth)) + "px";
    box.style.top = Math.max(8, area.top + y[1] * scale) + "px";
  };
  const nearest = ({ clientX }) => {
    const { left, width } = chart.getBoundingClientRect();
    const place = (clientX - left) / width * chart.viewBox.baseVal.width;
    return x.reduce((best, one, i) => Math.abs(one - place) < Math.abs(x[best] - place) ? i : best, 0);
  };
  chart.addEventListener("pointermove", (event) => show(nearest(event)));
  chart.addEventListener("pointerdown", (event) => show(nearest(event)));
  chart.addEventListener("pointerleave", hide);
  chart.addEventListener("blur", hide);
  chart.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape") hide();
    if (step === undefined) return;
    event.preventDefault();
    show(at < 0 && step === -1 ? names.length - 1 : at + step);
  });
}
`;
