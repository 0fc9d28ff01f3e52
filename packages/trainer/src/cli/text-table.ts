/** Rows of cells as lines, the columns aligned: numbers to the right, all else to the left. */
export function textTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const isNumber = titles.map((_, i) => rows.every((row) => /^([\d–]|-\d|$)/.test(row[i] ?? "")));
  const line = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, i) =>
        isNumber[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number),
      )
      .join("  ")
      .trimEnd()}\n`;
  return [titles, ...rows].map(line).join("");
}
