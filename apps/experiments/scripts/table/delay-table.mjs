/** The mean of some numbers, with their standard deviation where there are several: `97.3 ± 0.2`. */
function spread(numbers) {
  if (numbers.length === 0) return "–";
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  if (numbers.length === 1) return mean.toFixed(1);
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (numbers.length - 1);
  return `${mean.toFixed(1)} ± ${Math.sqrt(variance).toFixed(1)}`;
}

/** Test accuracy by rule and delay, as Markdown. */
export function delayTable(results, rules, delays) {
  const cell = (rule, delay) =>
    spread(
      results
        .filter((one) => one.rule === rule && one.delay === delay)
        .map(({ accuracy }) => 100 * accuracy),
    );
  return [
    `| rule | ${delays.map((delay) => `delay ${delay}`).join(" | ")} |`,
    `| --- |${" ---: |".repeat(delays.length)}`,
    ...rules.map(
      (rule) => `| \`${rule}\` | ${delays.map((delay) => cell(rule, delay)).join(" | ")} |`,
    ),
  ].join("\n");
}
