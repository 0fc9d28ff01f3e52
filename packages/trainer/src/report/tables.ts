import type { Config } from "../config/schema";
import { settingGroups, settings } from "../config/settings";
import type { EpochRecord } from "../run-folder/records";
import { type Html, html } from "./html";

const showValue = (value: unknown) =>
  Array.isArray(value) ? value.join(" ") || "none" : String(value);
const isChanged = (value: unknown, byDefault: unknown) =>
  JSON.stringify(value) !== JSON.stringify(byDefault);

/** The settings with their values, those that are not the default in bold. */
export function settingsTable(config: Config): Html {
  const given = config as Readonly<Record<string, unknown>>;
  const rows = (group: string) =>
    settings
      .filter((setting) => setting.group === group && given[setting.key] !== undefined)
      .map(({ key, flag, default: byDefault }) => {
        const changed = isChanged(given[key], byDefault);
        return html`<tr${changed && html` class="changed"`}><th scope="row">${flag}</th><td>${showValue(given[key])}</td></tr>`;
      });
  const cards = settingGroups
    .map((group) => ({ group, body: rows(group) }))
    .filter(({ body }) => body.length > 0)
    .map(
      ({ group, body }) => html`<div class="card"><h3>${group}</h3><table>${body}</table></div>`,
    );
  return html`<h2>Settings</h2><p class="soft">What is not bioflax's default is bold.</p><div class="grid">${cards}</div>`;
}

/** The command line that makes the same run, part by part, with the settings that are not the default. */
export function commandLine(config: Config): string[] {
  const given = config as Readonly<Record<string, unknown>>;
  const quote = (value: string) =>
    /^[\w./:=@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  const options = settings
    .filter(
      ({ key, default: byDefault }) =>
        key !== "out" && given[key] !== undefined && isChanged(given[key], byDefault),
    )
    .map(({ key, flag }) =>
      `--${flag} ${[given[key]]
        .flat()
        .map((value) => quote(String(value)))
        .join(" ")}`.trimEnd(),
    );
  return ["bioflax train", ...options];
}

/** Every number of every epoch, folded away. */
export function numbersTable(records: readonly EpochRecord[]): Html | undefined {
  const [first] = records;
  if (first === undefined) return undefined;
  const columns: [string, (record: EpochRecord) => number | undefined][] = [
    ["learning rate", ({ learningRate }) => learningRate],
    ["train loss", ({ train }) => train.loss],
    ["val loss", ({ val }) => val?.loss],
    ["val accuracy", ({ val }) => val?.accuracy],
    ["test loss", ({ test }) => test.loss],
    ["test accuracy", ({ test }) => test.accuracy],
    ...Object.keys(first.alignment ?? {}).map(
      (name): [string, (record: EpochRecord) => number | undefined] => [
        name,
        ({ alignment }) => alignment?.[name],
      ],
    ),
  ];
  const present = columns.filter(([, read]) => read(first) !== undefined);
  return html`<h2>Numbers</h2><details class="card"><summary>Every epoch as a table</summary><div class="numbers"><table>
<thead><tr><th scope="col">epoch</th>${present.map(([name]) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${records.map((record) => html`<tr><th scope="row">${record.epoch}</th>${present.map(([, read]) => html`<td>${read(record)?.toPrecision(5)}</td>`)}</tr>`)}</tbody>
</table></div></details>`;
}
