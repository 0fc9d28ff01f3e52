/** Text that is HTML already. */
export class Html {
  constructor(readonly text: string) {}

  /** What one reads of it, escaped: without its tags. */
  get plain(): Html {
    return new Html(this.text.replace(/<[^>]*>/g, ""));
  }
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function render(value: unknown): string {
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(render).join("");
  if (value === undefined || value === false) return "";
  return String(value).replace(/[&<>"']/g, (character) => entities[character] as string);
}

/**
 * A template of HTML: what is put into it is escaped, unless it is {@link Html} itself.
 *
 * Lists are joined; `undefined` and `false` leave nothing.
 */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Html {
  return new Html(strings.reduce((page, text, i) => page + render(values[i - 1]) + text));
}
