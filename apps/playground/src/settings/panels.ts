/** What can be shown of each rule, and what it is called. */
export const panels = {
  answers: "Answers",
  angles: "Angles",
  way: "Where errors travel",
  weights: "Weights",
  spread: "Spread of weights",
  units: "Hidden units",
} as const;

/** Something to show. */
export type Panel = keyof typeof panels;

export const panelNames = Object.keys(panels) as Panel[];

const shownFirst: readonly Panel[] = ["answers", "angles", "weights"];

/** What an address says is to be shown. */
export function panelsOf(hash: string): readonly Panel[] {
  const given = new URLSearchParams(hash.replace(/^#/, "")).get("show");
  if (given === null) return shownFirst;
  const wanted = given.split(",");
  return panelNames.filter((name) => wanted.includes(name));
}

/** What is to be shown, as a part of an address. */
export const panelsInHash = (shown: readonly Panel[]) => `&show=${shown.join(",")}`;
