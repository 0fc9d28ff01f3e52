import { activations, optimizers, rules } from "@bioflax/core";

/** What can be learnt here, by the names of the address. */
export const dataNames = ["spirals", "blobs", "sinreg", "teacher", "digits", "csv"] as const;

/** A data set's name. */
export type DataName = (typeof dataNames)[number];

/** Architectures, by the names of the command. */
export const modelNames = ["mlp", "lenet5"] as const;

/** What stands for a layer's rule where it is the one its network is trained by. */
export const SAME = "same";

/** Everything a run depends on: the same settings give the same numbers. */
export interface Settings {
  /** The learning rules side by side. */
  readonly rules: readonly string[];
  readonly data: DataName;
  /** Classes of spirals and blobs. */
  readonly classes: number;
  readonly model: (typeof modelNames)[number];
  /** Units of each hidden layer of the mlp. */
  readonly hidden: readonly number[];
  /** Activation of each of them. */
  readonly activations: readonly string[];
  /** The rule of each layer of the mlp, the output's included: {@link SAME} for that of the network. */
  readonly layerRules: readonly string[];
  readonly optimizer: string;
  readonly learningRate: number;
  /** What part of every weight goes at each step. */
  readonly weightDecay: number;
  /** Examples in a step. */
  readonly batchSize: number;
  /** How large feedback weights start, beside what their initializer has. */
  readonly feedbackScale: number;
  readonly seed: number;
}

/** Settings that may be others while a run goes on; all else begins a new one. */
export const liveNames = ["learningRate", "weightDecay"] as const;

/** The most rules side by side. */
export const MOST_RULES = 4;

/** The most hidden layers. */
export const MOST_LAYERS = 4;

/** From where to where numbers go. */
export const ranges = {
  classes: [2, 6],
  units: [1, 128],
  learningRate: [0.0001, 10],
  weightDecay: [0, 0.1],
  batchSize: [1, 256],
  feedbackScale: [0.01, 10],
  seed: [0, 2 ** 31 - 1],
} as const;

export const defaults: Settings = {
  rules: ["bp", "fa", "dfa"],
  data: "spirals",
  classes: 3,
  model: "mlp",
  hidden: [24, 16],
  activations: ["tanh", "tanh"],
  layerRules: [SAME, SAME, SAME],
  optimizer: "sgd",
  learningRate: 0.3,
  weightDecay: 0,
  batchSize: 32,
  feedbackScale: 1,
  seed: 1,
};

const wholeNumbers = ["classes", "batchSize", "seed"] as const;
const realNumbers = ["learningRate", "weightDecay", "feedbackScale"] as const;

/** A number within its range; undefined where it is none. */
function within(text: string, [from, to]: readonly [number, number], whole: boolean) {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  const isFine = number >= from && number <= to && (!whole || Number.isInteger(number));
  return isFine ? number : undefined;
}

/** The units of a layer; undefined where it is no such number. */
export const parseUnits = (text: string) => within(text, ranges.units, true);

/** A list such as `24,16`, each of its parts read; undefined where one is none, or there are too many. */
function parseList<Value>(text: string, most: number, read: (part: string) => Value | undefined) {
  if (text.trim() === "") return [];
  const values = text.split(",").map((part) => read(part));
  return values.length <= most && !values.includes(undefined) ? (values as Value[]) : undefined;
}

/** Reads a setting from words. @returns its value; undefined where it has none such. */
export function parseSetting<Name extends keyof Settings>(
  name: Name,
  text: string,
): Settings[Name] | undefined {
  const among = (names: readonly string[]) => (part: string) =>
    names.includes(part) ? part : undefined;
  const read = (): unknown => {
    if (name === "hidden") return parseList(text, MOST_LAYERS, parseUnits);
    if (name === "activations") return parseList(text, MOST_LAYERS, among(activations.names()));
    if (name === "layerRules")
      return parseList(text, MOST_LAYERS + 1, among([SAME, ...rules.names()]));
    if (name === "data") return among(dataNames)(text);
    if (name === "model") return among(modelNames)(text);
    if (name === "optimizer") return among(optimizers.names())(text);
    if (name === "rules") {
      const names = parseList(text, MOST_RULES, among(rules.names()));
      return names?.length && new Set(names).size === names.length ? names : undefined;
    }
    const whole = wholeNumbers.find((one) => one === name);
    if (whole !== undefined) return within(text, ranges[whole], true);
    const real = realNumbers.find((one) => one === name);
    return real && within(text, ranges[real], false);
  };
  return read() as Settings[Name] | undefined;
}

/** So many of a list: what is missing is as its last, or as given. */
const stretched = <Value>(list: readonly Value[], length: number, otherwise: Value) =>
  Array.from({ length }, (_, i) => list[i] ?? list.at(-1) ?? otherwise);

/** Settings that go together: an activation for each hidden layer, a rule for each layer, convolutions for images. */
export function consistent(settings: Settings): Settings {
  const { hidden, data, model } = settings;
  return {
    ...settings,
    model: data === "digits" ? model : "mlp",
    activations: stretched(settings.activations, hidden.length, "tanh"),
    layerRules: Array.from(
      { length: hidden.length + 1 },
      (_, layer) => settings.layerRules[layer] ?? SAME,
    ),
  };
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
  return consistent({
    ...defaults,
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
  });
}

/** Whether a run of some settings can go on under others. */
export function areLive(before: Settings, after: Settings): boolean {
  const moved = Object.fromEntries(liveNames.map((name) => [name, before[name]]));
  return toHash(before) === toHash({ ...after, ...moved });
}
