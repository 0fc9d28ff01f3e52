import type { Paper, Rule } from "@bioflax/core";

/** A rule's paper in a few words: `Lillicrap, Cownden, Tweed & Akerman 2016`. */
function shortly({ authors, year }: Paper): string {
  return `${authors} ${year}`;
}

/** The rules of a network's layers; undefined for those without a kernel. */
type Rules = readonly (Rule | undefined)[];

const present = (rules: Rules) => rules.filter((rule) => rule !== undefined);

/** The rules of a network's layers, each once, in the order of the layers. */
function distinct(rules: Rules): readonly Rule[] {
  return [...new Set(present(rules))];
}

/** What a network's rules are called: `Feedback alignment`. */
export function titleOf(rules: Rules): string {
  return distinct(rules)
    .map(({ title }) => title)
    .join(" + ");
}

/** Which layer learns by which rule, where they are not all the same: `dfa, dfa, bp`. */
export function ruleByLayer(rules: Rules): string | undefined {
  return distinct(rules).length === 1
    ? undefined
    : present(rules)
        .map(({ name }) => name)
        .join(", ");
}

/** A network's rules and who they are from: `Feedback alignment (Lillicrap … 2016)`. */
export function describeRules(rules: Rules): string {
  const each = distinct(rules).map(({ title, paper }) =>
    paper === undefined ? title : `${title} (${shortly(paper)})`,
  );
  const byLayer = ruleByLayer(rules);
  return `${byLayer === undefined ? "" : `${byLayer}: `}${each.join("; ")}`;
}

/** The papers a network's rules are from. */
export function papersOf(rules: Rules): string {
  return distinct(rules)
    .flatMap(({ paper }) => (paper === undefined ? [] : [`${shortly(paper)}, “${paper.title}”`]))
    .join(" · ");
}
