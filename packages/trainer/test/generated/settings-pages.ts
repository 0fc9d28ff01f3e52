import { configJsonSchema } from "../../src/resolve/json-schema";
import {
  defaultText,
  placeholderOf,
  type Setting,
  settingGroups,
  allSettings,
} from "../../src/config/settings";
import { type Page, withPart } from "./page";

/** The note of a default that is not a plain value. */
const spokenDefault = / \(default: (.*)\)$/;

/** As code where it would be read as HTML. */
const shown = (text: string) => (text.includes("<") ? `\`${text}\`` : text);

function row(setting: Setting): string {
  const { key, flag, description, aliases = [], commandLineOnly } = setting;
  const names = aliases.map((alias) => `; also \`${alias}\``).join("");
  const cells = [
    `\`--${flag} ${placeholderOf(setting).replaceAll("|", "\\|")}\``,
    commandLineOnly ? "" : `\`${key}\``,
    shown(defaultText(setting) ?? spokenDefault.exec(description)?.[1] ?? ""),
    description.replace(spokenDefault, "") + names,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Every setting as Markdown tables, a table a group. */
function settingsMarkdown(): string {
  const table = (group: string) => allSettings().filter((setting) => setting.group === group).map(row);
  const head = "| option | in a file | default | meaning |\n|---|---|---|---|";
  return settingGroups()
    .map((group) => [`### ${group}\n`, head, ...table(group)].join("\n"))
    .join("\n\n");
}

const withSettings = (present: string) => withPart(present, "settings", settingsMarkdown());

/** What the schema of the settings says, where it stands: the docs, the README and the JSON Schema for editors. */
export const settingsPages: readonly Page[] = [
  { path: "docs/cli.md", generate: withSettings },
  { path: "packages/trainer/README.md", generate: withSettings },
  {
    path: "packages/trainer/config.schema.json",
    generate: () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  },
];
