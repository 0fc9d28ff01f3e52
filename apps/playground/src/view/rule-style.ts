/** The colour of a rule by its place, and of a layer by its number: variables of the style sheet. */
export const ruleColor = (index: number) => `--rule-${index}`;

/** Lines that colours alone do not tell apart for everyone. */
export const ruleDash = (index: number) => [[], [7, 4], [2, 3], [9, 3, 2, 3]][index] as number[];
