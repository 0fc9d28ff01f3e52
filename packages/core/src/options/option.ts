/** What every option says of itself. */
interface AnyOption {
  /** What it does, in a few words for help and docs. */
  readonly doc: string;
}

/** An option that is a number. */
export interface NumberOption extends AnyOption {
  readonly type: "number";
  /** What it is when left out; it has to be given when there is none. */
  readonly default?: number;
  /** The least it may be. */
  readonly from?: number;
  /** What it has to be larger than. */
  readonly above?: number;
  /** The most it may be. */
  readonly to?: number;
  /** What it has to be smaller than. */
  readonly below?: number;
  /** Whether it has to be a whole number. */
  readonly whole?: true;
}

/** An option that is true or false. */
export interface FlagOption extends AnyOption {
  readonly type: "flag";
  readonly default: boolean;
}

/** An option that is one of some words. */
export interface ChoiceOption<Choice extends string = string> extends AnyOption {
  readonly type: "choice";
  readonly choices: readonly Choice[];
  readonly default?: NoInfer<Choice>;
}

/** An option that is a list of numbers, each within the same range. */
export interface NumbersOption extends AnyOption, Omit<NumberOption, "type" | "default"> {
  readonly type: "numbers";
  readonly default?: readonly number[];
}

/** An option that is a list of words. */
export interface WordsOption extends AnyOption {
  readonly type: "words";
  readonly default?: readonly string[];
}

/** An option of a definition: what it may be, and what it is when left out. */
export type Option = NumberOption | FlagOption | ChoiceOption | NumbersOption | WordsOption;

/** What an option's `type` may be, in the order errors tell them in. */
export const optionTypes = Object.keys({
  number: true,
  flag: true,
  choice: true,
  numbers: true,
  words: true,
} satisfies { readonly [Type in Option["type"]]: true }) as readonly Option["type"][];

/** The options of a definition, by name. */
export type Options = Readonly<Record<string, Option>>;

/** The type of an option's value. */
export type OptionValue<O extends Option> =
  O extends ChoiceOption<infer Choice>
    ? Choice
    : O extends { readonly type: "number" }
      ? number
      : O extends { readonly type: "flag" }
        ? boolean
        : O extends { readonly type: "words" }
          ? readonly string[]
          : readonly number[];

/** The values of some options, all of them. */
export type OptionValues<O extends Options> = { readonly [Name in keyof O]: OptionValue<O[Name]> };

/** The values of some options as they are given: those with a default may be left out. */
export type GivenOptions<O extends Options> = string extends keyof O
  ? Record<never, never>
  : {
      readonly [Name in keyof O as O[Name] extends { readonly default: unknown }
        ? Name
        : never]?: OptionValue<O[Name]>;
    } & {
      readonly [Name in keyof O as O[Name] extends { readonly default: unknown }
        ? never
        : Name]: OptionValue<O[Name]>;
    };
