import { printable } from "@bioflax/core";

const textCell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A cell of a CSV file, in quotes where it needs them; names come from files. */
export const csvCell = (value: string | number) =>
  typeof value === "string" ? textCell(printable(value)) : String(value);
