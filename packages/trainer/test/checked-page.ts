import type { ReportedRun } from "@bioflax/report";
import { expect } from "@jest/globals";
import { parse } from "parse5";
import { pageOf } from "../src/report/reported-run";

/** A page, checked for what holds of every page. */
export function page(runs: readonly ReportedRun[], title?: string): string {
  const text = pageOf(runs, title);
  const errors: string[] = [];
  parse(text, {
    onParseError: ({ code, startLine }) => errors.push(`${code} in line ${startLine}`),
  });
  expect(errors).toEqual([]);
  // Nothing is loaded from anywhere.
  expect(text).not.toMatch(/<link|@import|url\(|(src|href)="(?!data:)/);
  expect(text).not.toMatch(/https?:(?!\/\/www\.w3\.org\/2000\/svg")/);
  const [, whole = ""] = /<main>(.*)<\/main>/s.exec(text) ?? [];
  // Pictures are letters by chance.
  const content = whole.replace(/;base64,[\w+/=]+/g, "");
  expect(content).not.toMatch(/NaN|undefined|Infinity|\[object/);
  return text;
}

/** Expects a page to hold some texts; one that does not is no help in an error. */
export function shows(text: string, ...parts: readonly string[]): void {
  expect(parts.filter((part) => !text.includes(part))).toEqual([]);
}

/** The names of a page's sections, in their order. */
export const sections = (text: string) =>
  [...text.matchAll(/<section aria-label="([^"]*)"/g)].map(([, name]) => name);
