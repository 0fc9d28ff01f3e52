import { activations, optimizers, rules } from "@bioflax/core";

/** What can be learnt here, by the names of the command. */
export const dataNames = ["spirals", "blobs", "sinreg", "teacher"] as const;

/** A data set's name. */
export type DataName = (typeof dataNames)[number];

/** Everything a run depends on: the same settings give the same numbers. */
export interface Settings {
  /** The learning rules side by side. */
  readonly rules: readonly string[];
  readonly data: DataName;
  /** Classes of spirals and blobs. */
  readonly classes: number;
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  /** Activation of the hidden layers. */
  readonly activation: string;
  readonly optimizer: string;
  readonly learningRate: number;
  /** What part of every weight goes at each step. */
  readonly weightDecay: number;
  /** Examples in a step. */
  readonly batchSize: number;
  readonly seed: number;
}

/** The most rules side by side. */
export const MOST_RULES = 4;

/** The most hidden layers. */
export const MOST_LAYERS = 4;

/** From where to where numbers go. */
export const ranges = {
  classes: [2, 6],
  units: [1, 64],
  learningRate: [0.0001, 10],
  weightDecay: [0, 0.1],
  batchSize: [1, 256],
  seed: [0, 2 ** 31 - 1],
} as const;

export const defaults: Settings = {
  rules: ["bp", "fa", "dfa"],
  data: "spirals",
  classes: 3,
  hidden: [24, 16],
  activation: "tanh",
  optimizer: "sgd",
  learningRate: 0.3,
  weightDecay: 0,
  batchSize: 32,
  seed: 1,
};

const wholeNumbers = ["classes", "batchSize", "seed"] as const;
const realNumbers = ["learningRate", "weightDecay"] as const;

/** A number within its range; undefined where it is none. */
function within(text: string, [from, to]: readonly [number, number], whole: boolean) {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const isFine = number >= from && number <= to && (!whole || Number.isInteger(number));
  return isFine ? number : undefined;
}

/** The units that a list names, such as `24, 16`; undefined where it is no such list. */
export function parseHidden(text: string): readonly number[] | undefined {
  if (text.trim() === "") return [];
  const units = text.split(",").map((part) => within(part, ranges.units, true));
  return units.length <= MOST_LAYERS && !units.includes(undefined)
    ? (units as number[])
    : undefined;
}

/** Reads a setting from words. @returns its value; undefined where it has none such. */
export function parseSetting<Name extends keyof Settings>(
  name: Name,
  text: string,
): Settings[Name] | undefined {
  const read = (): unknown => {
    const among = (names: readonly string[]) => (names.includes(text) ? text : undefined);
    if (name === "hidden") return parseHidden(text);
    if (name === "data") return among(dataNames);
    if (name === "activation") return among(activations.names());
    if (name === "optimizer") return among(optimizers.names());
    if (name === "rules") {
      const names = text.split(",");
      const areFine = names.every((rule) => rules.names().includes(rule as never));
      const areFew = names.length <= MOST_RULES && new Set(names).size === names.length;
      return areFine && areFew ? names : undefined;
    }
    const whole = wholeNumbers.find((one) => one === name);
    if (whole !== undefined) return within(text, ranges[whole], true);
    const real = realNumbers.find((one) => one === name);
    return real && within(text, ranges[real], false);
  };
  return read() as Settings[Name] | undefined;
}

const names = Object.keys(defaults) as (keyof Settings)[];

/** Settings as the part of an address after the `#`. */
export function toHash(settings: Settings): string {
  const pairs = names.map((name) => `${name}=${encodeURIComponent(String(settings[name]))}`);
  return `#${pairs.join("&").replaceAll("%2C", ",")}`;
}

/** The settings of an address; what it leaves out, or has wrong, is as by default. */
export function fromHash(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const read = names.map((name) => {
    const text = given.get(name);
    return [name, text === null ? undefined : parseSetting(name, text)] as const;
  });
  return {
    ...defaults,
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
  };
}
