import {
  defaultText,
  placeholderOf,
  type Setting,
  settingGroups,
  settings,
} from "../src/config/settings";

/** The note of a default that is not a plain value. */
const spokenDefault = / \(default: (.*)\)$/;

function row(setting: Setting): string {
  const { key, flag, description, aliases = [], commandLineOnly } = setting;
  const names = aliases.map((alias) => `; also \`${alias}\``).join("");
  const cells = [
    `\`--${flag} ${placeholderOf(setting).replaceAll("|", "\\|")}\``,
    commandLineOnly ? "" : `\`${key}\``,
    defaultText(setting) ?? spokenDefault.exec(description)?.[1] ?? "",
    description.replace(spokenDefault, "") + names,
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Every setting as Markdown tables, a table a group. */
export function settingsMarkdown(): string {
  const table = (group: string) => settings.filter((setting) => setting.group === group).map(row);
  const head = "| option | in a file | default | meaning |\n|---|---|---|---|";
  return settingGroups
    .map((group) => [`### ${group}\n`, head, ...table(group)].join("\n"))
    .join("\n\n");
}
