import type { InitializerSpec } from "../initializers/registry";
import type { ChoiceOption, FlagOption, NumberOption } from "../options/option";
import { feedbackLearns, type ruleFeatures } from "../rules/features";
import type { RuleName } from "../rules/registry";
import type { Rule } from "../rules/rule";

/** How feedback weights mirror the kernel; what is left out has the default named in its comment. */
export interface MirroringSpec {
  /** Steps of mirroring before each step of learning, 0 for none; 1. */
  readonly steps?: number;
  /** Rows of noise in a step of mirroring; 32. */
  readonly batch?: number;
  /** η: how much of what the mirror sees is taken over at a step; 0.001. */
  readonly rate?: number;
  /** λ: how much of the feedback weights is forgotten at a step; η. */
  readonly decay?: number;
  /** σ: the standard deviation of the noise; 1. */
  readonly stddev?: number;
}

/** How kernel and bias learn, under any rule. */
export interface UpdateOptions {
  /**
   * Whether the kernel keeps the Frobenius norm it starts with (Moskovitz, Litwin-Kumar & Abbott 2018); false. On
   * TensorFlow.js bioflax's optimizers see to it after each step, and then to a `kernelConstraint`; TensorFlow.js's own
   * do neither.
   */
  readonly constrainNorm?: boolean;
  /** The largest norm of the layer's gradient, kernel and bias together; a longer one is scaled down to it. None. */
  readonly clipNorm?: number;
}

/**
 * How feedback weights start and what they reach: said where they are, which may be a place after the layer they are
 * for.
 */
export interface FeedbackWeightOptions {
  /** Starting feedback weights, or what the magnitudes that stand for them are drawn from; `lecunNormal`. */
  readonly feedbackInitializer?: InitializerSpec;
  /**
   * How errors that come straight from the output reach a feature map: `dense`, a feedback weight for each of its
   * elements (Nøkland 2016), or `broadcast`, one for each channel, the same at every place (Launay, Poli & Krzakala
   * 2019); `dense`, and of a recurrent layer, whose places are its steps, `broadcast`.
   */
  readonly feedbackProjection?: "dense" | "broadcast";
  /** How many feedback weights of each unit are not zero, where they are fixed; all of them. */
  readonly feedbackConnections?: number;
  /**
   * The rank of the feedback weights as a matrix [units, what sends], where they are fixed; full. Under a rule whose
   * errors go through units of their own, how many those are.
   */
  readonly feedbackRank?: number;
  /**
   * α, how much of the forward weights W₀ they stand for is mixed into feedback weights as training begins: they start
   * as α·W₀ + √(1 − α²)·N with N of the `feedbackInitializer` (Cheon, Bae & Paik 2025); none.
   */
  readonly feedbackAlignment?: number;
}

/** What becomes of feedback weights that stand for the layer's own kernel. */
export interface OwnFeedbackOptions {
  /** How feedback weights mirror the kernel, under a rule that has them do so. */
  readonly mirroring?: MirroringSpec;
}

/** What a layer with a kernel may be told of how it learns, beside its rule. */
export interface LearningOptions extends UpdateOptions, FeedbackWeightOptions, OwnFeedbackOptions {}

/** What an option is about, which decides the layers that take it. */
interface Concerns {
  /** Every layer with a kernel. */
  readonly update: UpdateOptions;
  /** Layers with feedback weights, and places after them that have theirs. */
  readonly feedbackWeights: FeedbackWeightOptions;
  /** Layers with feedback weights. */
  readonly ownFeedback: OwnFeedbackOptions;
}

type ConcernOf<Name> = {
  [Concern in keyof Concerns]: Name extends keyof Concerns[Concern] ? Concern : never;
}[keyof Concerns];

/** What the command says of an option beside what it does. */
export interface LearningSetting {
  /** What stands for its value in the help text. */
  readonly placeholder?: string;
  /** Other names it goes by, in camelCase. */
  readonly aliases?: readonly string[];
  /** What other programs call it, in camelCase. */
  readonly elsewhere?: readonly string[];
  /** The most that anyone means by it, where it is counted. */
  readonly most?: number;
  /** Whether its help names the rules that have a use for it. */
  readonly namesRules?: true;
}

/** The heading that an option stands under in the command's help. */
type Group = { readonly group: "Feedback" | "Training" };

/** What checks values of a type. */
type OptionOf<Value> = [Value] extends [boolean]
  ? FlagOption
  : [Value] extends [number]
    ? NumberOption
    : [Value] extends [string]
      ? ChoiceOption<Value>
      : never;

/**
 * One value: what it may be, and what it is when left out, in a few words where that is none or follows from others.
 */
type Single<Value> = { readonly value: OptionOf<Value> } & (
  | { readonly value: { readonly default: Value } }
  | { readonly otherwise: string }
);

/**
 * How an option's value is checked, what stands in its place when it is left out, and how the command line gives it.
 */
type ValueOf<Value> = [InitializerSpec] extends [Value]
  ? // The command has words of its own for initializers, each with a scale.
    { readonly value: { readonly type: "initializer"; readonly default: InitializerSpec } }
  : [Value] extends [object]
    ? {
        readonly parts: {
          readonly [Part in keyof Value]-?: {
            readonly setting: LearningSetting & { readonly name: string };
          } & Single<NonNullable<Value[Part]>>;
        };
        readonly setting: Group;
      }
    : { readonly setting: LearningSetting & Group } & Single<Value>;

/** All that is known of one option. */
type LearningOption<
  Name extends keyof LearningOptions,
  Value = NonNullable<LearningOptions[Name]>,
> = {
  readonly concerns: ConcernOf<Name>;
  /**
   * What a rule must have for the option to be of use. Options for a whole network go to the layers whose rules have
   * it.
   */
  readonly needs?: keyof typeof ruleFeatures;
  /** Why a layer under a rule cannot have the option, as the end of a sentence; undefined where it can. */
  refuses?(rule: Rule): string | undefined;
  /** What docs/layer-options.md says it does, and the rules it goes with. */
  readonly docs: { readonly effect: string; readonly goesWith: string };
  /** How the first lines of a run say that it is in force, if they do. */
  shown?(value: Value): string;
  /** Values that every engine is held to the reference with, each under rules it goes with. */
  readonly cases: readonly [Case<Value>, ...Case<Value>[]];
} & ValueOf<Value>;

/** All of them: none can be left out, and there are no others. */
export type LearningOptionTable = {
  readonly [Name in keyof LearningOptions]-?: LearningOption<Name>;
};

type Case<Value> = readonly [value: Value, rules: readonly RuleName[]];

/** Why a rule without feedback weights cannot have an option of theirs. */
const withoutFeedback = (what: string, { hasFeedback }: Rule): string | undefined =>
  hasFeedback ? undefined : `${what} for rules with feedback weights, and it has none`;

/**
 * Every option of how a layer learns, beside its rule: the one source of the checks, of what TensorFlow.js's layers,
 * `bioNetwork` and `convert` take, of the command's settings and of the docs. One more is an entry here and its line in
 * the types above, the maths that reads it, and the reference it is judged by: docs/add-a-layer-option.md.
 *
 * In the order in which specs are written.
 */
export const learningOptions = {
  feedbackInitializer: {
    concerns: "feedbackWeights",
    value: { type: "initializer", default: "lecunNormal" },
    docs: {
      effect:
        "how B starts, or what the magnitudes of `usf` and `brsf` are drawn from: its standard deviation is usf's s",
      goesWith: "all but `bp`",
    },
    cases: [[{ name: "normal", stddev: 0.4 }, ["fa", "usf"]]],
  },
  constrainNorm: {
    concerns: "update",
    value: {
      type: "flag",
      default: false,
      doc: "whether each kernel keeps the norm it starts with",
    },
    docs: {
      effect:
        "after each step the kernel is scaled back to the norm it had (Moskovitz et al. 2018)",
      goesWith: "every rule",
    },
    setting: {
      group: "Training",
      aliases: ["constrainWeights"],
    },
    shown: () => "constrained norms",
    cases: [[true, ["bp", "fa", "dkp"]]],
  },
  clipNorm: {
    concerns: "update",
    value: {
      type: "number",
      above: 0,
      doc: "largest norm of a layer's gradient; a longer one is scaled down",
    },
    otherwise: "none",
    docs: {
      effect:
        "the gradient of a layer, kernel and bias together, is scaled down to this norm where it is longer",
      goesWith:
        "every rule; a `dkp` layer's feedback gradient is not the kernel's and is left as it is",
    },
    setting: {
      group: "Training",
      placeholder: "x",
      elsewhere: ["gradientClip", "clipGradNorm", "maxGradNorm"],
    },
    shown: (norm) => `gradients clipped at ${norm}`,
    cases: [
      [0.05, ["bp", "kp", "dfa", "wm"]],
      [50, ["fa"]],
    ],
  },
  feedbackProjection: {
    concerns: "feedbackWeights",
    value: {
      type: "choice",
      choices: ["dense", "broadcast"],
      doc: "how errors straight from the output reach a feature map: dense (a feedback weight for each element) or broadcast (one for each channel)",
    },
    otherwise: "dense, of a recurrent layer broadcast",
    docs: {
      effect:
        "how errors straight from the output reach a feature map: `dense`, a feedback weight for each of its elements (Nøkland 2016), or " +
        "`broadcast`, one for each channel, the same at all places (Launay, Poli & Krzakala 2019); of a recurrent layer, whose places are its steps, `broadcast` " +
        "when left out",
      goesWith: "rules whose errors come straight from the output",
    },
    setting: { group: "Feedback" },
    // Convolutions have cases of both. Where errors reach a vector, they are the same.
    cases: [["broadcast", ["dfa"]]],
  },
  feedbackConnections: {
    concerns: "feedbackWeights",
    needs: "feedbackWeights",
    value: {
      type: "number",
      whole: true,
      from: 1,
      doc: "fixed feedback weights each unit has, drawn by chance; the others are 0",
    },
    otherwise: "all",
    refuses: (rule) =>
      withoutFeedback("feedbackConnections are", rule) ??
      (feedbackLearns(rule)
        ? "feedbackConnections are for fixed feedback weights, and its own learn, which would fill the gaps"
        : undefined),
    docs: {
      effect:
        "each unit keeps so many feedback weights, chosen at random; the others are 0 (Crafton et al. 2019)",
      goesWith: "rules with fixed feedback weights",
    },
    setting: { group: "Feedback" },
    cases: [[2, ["fa", "frsf", "dfa", "drtp"]]],
  },
  feedbackRank: {
    concerns: "feedbackWeights",
    needs: "feedbackWeights",
    value: {
      type: "number",
      whole: true,
      from: 1,
      doc: "rank of a layer's feedback weights, where they are fixed or two factors (pfa, ldfa)",
    },
    otherwise: "full; under pfa ten times the layer's units, under ldfa 10",
    refuses: (rule) =>
      withoutFeedback("feedbackRank is", rule) ??
      (feedbackLearns(rule) && rule.errorProjection === undefined
        ? "feedbackRank is for fixed feedback weights, and its own learn, which would raise the rank"
        : undefined),
    docs: {
      effect:
        "B starts, and stays, of this rank; with `feedbackConnections` the units are in as many groups, and those of a group have the same connections, " +
        "so that both hold (Crafton et al. 2019). Under `pfa` and `ldfa`, how many units an error goes through",
      goesWith: "rules with fixed feedback weights; `pfa`, `ldfa`",
    },
    setting: { group: "Feedback", placeholder: "r" },
    cases: [
      [1, ["fa", "frsf", "dfa", "sdfa"]],
      [3, ["pfa", "ldfa"]],
    ],
  },
  feedbackAlignment: {
    concerns: "feedbackWeights",
    needs: "feedbackWeights",
    value: {
      type: "number",
      from: 0,
      to: 1,
      doc: "how much of the forward weights is mixed into feedback weights as training begins",
    },
    otherwise: "none",
    refuses: (rule) =>
      withoutFeedback("feedbackAlignment is", rule) ??
      (rule.errorProjection === undefined && rule.route.source !== "input"
        ? undefined
        : "feedbackAlignment is for feedback weights that stand for forward ones, and its own do not"),
    docs: {
      effect:
        "α: B starts as α·W₀ + √(1 − α²)·N, with N of the `feedbackInitializer` and W₀ the forward weights it stands for: the layer's kernel, or where errors come " +
        "straight from the output the product of the dense kernels above (Cheon, Bae & Paik 2025)",
      goesWith: "rules with feedback weights, but for `pfa`, `ldfa` and `pepita`",
    },
    setting: { group: "Feedback", placeholder: "α", elsewhere: ["softAlignment"] },
    shown: (alignment) => `feedback weights aligned by ${alignment} at the start`,
    cases: [
      [0.5, ["fa", "kp", "dfa", "drtp"]],
      [1, ["wm", "dkp"]],
    ],
  },
  mirroring: {
    concerns: "ownFeedback",
    needs: "mirroring",
    docs: {
      effect:
        "`steps` of mirroring before each step of learning, each on `batch` rows of noise of standard deviation `stddev`, with `rate` η and " +
        "`decay` λ",
      goesWith: "`wm`",
    },
    setting: { group: "Feedback" },
    parts: {
      steps: {
        value: {
          type: "number",
          whole: true,
          from: 0,
          default: 1,
          doc: "steps of mirroring before each step of learning",
        },
        setting: { name: "mirrorSteps", most: 1000, namesRules: true },
      },
      batch: {
        value: {
          type: "number",
          whole: true,
          from: 1,
          default: 32,
          doc: "rows of noise in a step of mirroring",
        },
        setting: { name: "mirrorBatch" },
      },
      rate: {
        value: {
          type: "number",
          above: 0,
          default: 1e-3,
          doc: "part of what a mirror sees that feedback weights take over in a step",
        },
        setting: { name: "mirrorRate", placeholder: "rate" },
      },
      decay: {
        value: {
          type: "number",
          from: 0,
          to: 1,
          doc: "part of feedback weights that decays in a step of mirroring",
        },
        otherwise: "the mirror rate",
        setting: { name: "mirrorDecay", placeholder: "x" },
      },
      stddev: {
        value: {
          type: "number",
          above: 0,
          default: 1,
          doc: "standard deviation of the noise a mirror is shown",
        },
        setting: { name: "mirrorNoise", placeholder: "x" },
      },
    },
    cases: [[{ steps: 3, batch: 2, rate: 0.05, decay: 0.02, stddev: 0.5 }, ["wm"]]],
  },
} as const satisfies LearningOptionTable;

/** A single value of an option, as code sees it that goes through all of them. */
export interface AnyValue {
  readonly value: NumberOption | FlagOption | ChoiceOption;
  readonly otherwise?: string;
  readonly setting: LearningSetting & { readonly name?: string };
}

/** An option, as code sees it that goes through all of them. */
export interface AnyLearningOption {
  readonly concerns: keyof Concerns;
  readonly needs?: keyof typeof ruleFeatures;
  refuses?(rule: Rule): string | undefined;
  readonly docs: { readonly effect: string; readonly goesWith: string };
  shown?(value: unknown): string;
  readonly cases: readonly Case<unknown>[];
  readonly value?: AnyValue["value"] | { readonly type: "initializer" };
  readonly otherwise?: string;
  readonly setting?: LearningSetting & Group;
  readonly parts?: Readonly<Record<string, AnyValue>>;
}

/** Every option with its name. */
export const everyLearningOption = Object.entries(learningOptions) as readonly [
  keyof LearningOptions,
  AnyLearningOption,
][];
