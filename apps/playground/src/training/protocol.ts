import type { NetworkSpec } from "@bioflax/core";
import type { Settings } from "../settings/settings";
import type { Table } from "./table";

/** What can be shown of each network, and takes the worker time: done only where it is looked at. */
export type Look = "weights" | "units";

/** What the page asks of the worker. */
export type Request =
  | {
      readonly type: "start";
      readonly settings: Settings;
      readonly run: number;
      /** Where the file of digits is. */
      readonly digits: string;
      /** Data of one's own. */
      readonly table?: Table | undefined;
    }
  /** Goes on under other live settings. */
  | { readonly type: "adjust"; readonly settings: Settings }
  /** Trains at so many steps a second at most, to a step where one is given. */
  | { readonly type: "play"; readonly until?: number | undefined }
  | { readonly type: "speed"; readonly stepsPerSecond: number }
  | { readonly type: "pause" | "step" }
  /** Takes a step, and tells how it goes. */
  | { readonly type: "trace" }
  | { readonly type: "look"; readonly at: readonly Look[] }
  /** Tells what the networks make of a drawn image from now on, [height·width] bytes; of none any more. */
  | { readonly type: "drawn"; readonly pixels?: Uint8Array | undefined }
  /** Gives the weights of the network of a rule, by its place among them. */
  | { readonly type: "save"; readonly rule: number };

/** A weight as it is now. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row by row. */
  readonly values: Float32Array;
}

/** The matrices of a layer. */
export interface LayerMatrices {
  /** W, which carries values forward. */
  readonly kernel: Matrix;
  /** What carries errors in the stead of W, or of the layers above, where a rule has such a matrix that teaches. */
  readonly carrier?: Matrix;
  /** Whether the carrier stands for the kernel itself, so that they are to be compared number by number. */
  readonly standsForKernel: boolean;
}

/** What each unit of a layer answers at the places of a small map, unit by unit, row by row. */
export interface UnitMaps {
  readonly units: number;
  readonly size: number;
  readonly values: Float32Array;
}

/** What a network makes of its whole input space, and what it is. */
export interface NetworkView {
  /** Layers with a kernel; where they are looked at. */
  readonly layers?: readonly LayerMatrices[];
  /** The class it tells at each place of the map, row by row, and how sure it is, 0 to 1; of data in the plane. */
  readonly regions?: { readonly classes: Uint8Array; readonly sureness: Float32Array };
  /** Its hidden layers' units over the map; of data in the plane, where they are looked at. */
  readonly units?: readonly UnitMaps[];
  /** What it answers along the line; of data on a line. */
  readonly answers?: Float32Array;
  /** The class it tells of each shown image. */
  readonly told?: Uint8Array;
  /** How probable it finds each class of the drawn image. */
  readonly drawn?: Float32Array;
}

/** Data that can be shown whole, or some of them. */
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
    }
  | {
      readonly kind: "images";
      readonly height: number;
      readonly width: number;
      /** Some test examples, one after another, and their classes. */
      readonly pixels: Uint8Array;
      readonly labels: Int32Array;
    };

/** Steps taken by the network of one rule. */
export interface RuleProgress {
  /** The loss of each step. */
  readonly losses: Float64Array;
  /** Cosines at the first of the steps, by their names in `@bioflax/metrics`; none where they were not measured. */
  readonly alignment: Readonly<Record<string, number>>;
  /** On the test set after the last step, where an epoch ended with it. */
  readonly test?: { readonly loss: number; readonly accuracy?: number };
}

/** One batch on its way through the layers with a kernel of a network. */
export interface BatchTrace {
  /** Of each layer: the mean size of each unit's output over the batch, and of the error signal that arrived there. */
  readonly layers: readonly { readonly output: Float32Array; readonly error: Float32Array }[];
  /** Where each layer's error signal comes from. */
  readonly sources: readonly ("loss" | "above" | "output" | "input")[];
}

/** What the worker tells the page, each of the run that it was started with. */
export type Report = { readonly run: number } & (
  | {
      readonly type: "started";
      readonly isClassification: boolean;
      readonly stepsPerEpoch: number;
      /** Places in the network of the layers with a kernel, by which alignment names them. */
      readonly kernelLayers: readonly number[];
      /** The network of the first rule, how many numbers go in and out, and the loss. */
      readonly spec: NetworkSpec;
      readonly inputs: number;
      readonly outputs: number;
      readonly loss: string;
      readonly scene?: Scene;
    }
  | { readonly type: "progress"; readonly rules: readonly RuleProgress[] }
  | { readonly type: "view"; readonly views: readonly NetworkView[] }
  | { readonly type: "traced"; readonly traces: readonly BatchTrace[] }
  /** It has come to the step it was to go to. */
  | { readonly type: "arrived" }
  | { readonly type: "saved"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: "failed"; readonly message: string }
);
