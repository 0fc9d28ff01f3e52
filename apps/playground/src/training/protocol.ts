import type { Settings } from "../settings/settings";

/** What the page asks of the worker. */
export type Request =
  | { readonly type: "start"; readonly settings: Settings; readonly run: number }
  | { readonly type: "play" | "pause" | "step" };

/** A weight as it is now. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly values: Float32Array;
}

/** The matrices of a layer: its kernel W, and what carries errors in its stead where its rule has such a matrix. */
export interface LayerMatrices {
  readonly kernel: Matrix;
  readonly feedback?: Matrix;
}

/** What a network makes of its whole input space. */
export interface NetworkView {
  readonly layers: readonly LayerMatrices[];
  /** The class it tells at each place of the map, row by row, and how sure it is, 0 to 1; of data in the plane. */
  readonly regions?: { readonly classes: Uint8Array; readonly sureness: Float32Array };
  /** What it answers along the line; of data on a line. */
  readonly answers?: Float32Array;
}

/** Data that can be shown whole. */
export type Scene =
  | {
      readonly kind: "plane";
      /** Test examples: their places [count, 2], and classes. */
      readonly points: Float32Array;
      readonly labels: Int32Array;
      /** From where to where the map goes on both axes, and how many places it has on each. */
      readonly extent: number;
      readonly size: number;
    }
  | {
      readonly kind: "line";
      /** Places on the line, and what is to be answered there. */
      readonly inputs: Float32Array;
      readonly targets: Float32Array;
    };

/** Steps taken by the network of one rule. */
export interface RuleProgress {
  /** The loss of each step. */
  readonly losses: Float64Array;
  /** Cosines at the first of the steps, by their names in `@bioflax/metrics`. */
  readonly alignment: Readonly<Record<string, number>>;
  /** On the test set after the last step, where an epoch ended with it. */
  readonly test?: { readonly loss: number; readonly accuracy?: number };
}

/** What the worker tells the page, each of the run that it was started with. */
export type Report = { readonly run: number } & (
  | {
      readonly type: "started";
      readonly isClassification: boolean;
      readonly stepsPerEpoch: number;
      readonly scene?: Scene;
    }
  | { readonly type: "progress"; readonly rules: readonly RuleProgress[] }
  | { readonly type: "view"; readonly views: readonly NetworkView[] }
  | { readonly type: "failed"; readonly message: string }
);
