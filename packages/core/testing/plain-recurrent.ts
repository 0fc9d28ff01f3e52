import type { LayerSpec } from "@bioflax/core";
import { activate, deactivate, each, flip, type Matrix, times } from "./plain-matrices";

/**
 * Recurrent layers through time, for the plain reference: each step's equations, and their derivatives by hand. A batch
 * of sequences is a matrix with an example, step after step, in each row.
 */

type Recurrent = Extract<LayerSpec, { type: "simpleRNN" | "gru" }>;

/** Whether a layer goes from step to step. */
export const isRecurrent = (layer: LayerSpec | undefined): layer is Recurrent =>
  layer?.type === "simpleRNN" || layer?.type === "gru";

/** How many columns a layer's kernel has for each unit. */
export const gatesOf = (layer: LayerSpec | undefined): number => (layer?.type === "gru" ? 3 : 1);

/** What a layer has seen of a batch of sequences. */
export interface PlainSequence {
  /** The state after every step, an example a row. */
  readonly states: readonly Matrix[];
  /** The inputs of every step. */
  readonly inputs: readonly Matrix[];
}

/** The matrices of one use of the kernel: what it was applied to, and the error there, an example a row. */
interface Use {
  readonly rows: Matrix;
  readonly error: Matrix;
  /** Whether the step's input, and with it the bias, goes in. */
  readonly isInput: boolean;
}

const sum = (a: Matrix, b: Matrix) => each((x, y) => x + y, a, b);
const product = (a: Matrix, b: Matrix) => each((x, y) => x * y, a, b);
const zeros = (like: Matrix, columns = (like[0] as number[]).length): Matrix =>
  like.map(() => new Array(columns).fill(0));
const sideBySide = (...parts: Matrix[]): Matrix =>
  (parts[0] as Matrix).map((_, i) => parts.flatMap((part) => part[i] as number[]));
const columnsFrom = (x: Matrix, from: number, count: number): Matrix =>
  x.map((row) => row.slice(from, from + count));
const withBias = (a: Matrix, bias: Matrix | undefined): Matrix =>
  a.map((row) => row.map((x, j) => x + (bias?.[0]?.[j] ?? 0)));

/** Each step's part of a batch of sequences. */
export const stepsOf = (x: Matrix, count: number): Matrix[] => {
  const size = (x[0] as number[]).length / count;
  return Array.from({ length: count }, (_, t) => columnsFrom(x, t * size, size));
};

/** φ, of the layer's own name. */
const phiOf = ({ activation = "tanh" }: Recurrent) => activation;

/** What one step of gated units computes. */
function gatedStep(
  layer: Recurrent,
  kernel: Matrix,
  bias: Matrix | undefined,
  x: Matrix,
  h: Matrix,
) {
  const {
    units,
    recurrentActivation = "sigmoid",
    resetAfter = true,
  } = layer as Extract<Recurrent, { type: "gru" }>;
  const inputs = (x[0] as number[]).length;
  const [Wx, Wh] = [kernel.slice(0, inputs), kernel.slice(inputs)];
  const given = withBias(times(x, Wx), bias);
  const ofState = times(h, Wh);
  const gateInput = columnsFrom(sum(given, ofState), 0, 2 * units);
  const both = activate(recurrentActivation, gateInput);
  const [z, r] = [columnsFrom(both, 0, units), columnsFrom(both, units, units)];
  const remembered = resetAfter
    ? columnsFrom(ofState, 2 * units, units)
    : times(product(r, h), columnsFrom(Wh, 2 * units, units));
  const a = sum(
    columnsFrom(given, 2 * units, units),
    resetAfter ? product(r, remembered) : remembered,
  );
  const c = activate(phiOf(layer), a);
  const state = each((zi, hi, ci) => zi * hi + (1 - zi) * ci, z, h, c);
  return { z, r, remembered, a, c, state, gateInput, recurrentActivation, resetAfter };
}

/** The states of a batch of sequences, from 0 before the first step. */
export function plainSequence(
  layer: Recurrent,
  steps: number,
  kernel: Matrix,
  bias: Matrix | undefined,
  x: Matrix,
): PlainSequence {
  const inputs = stepsOf(x, steps);
  const states: Matrix[] = [];
  inputs.forEach((own, t) => {
    const h = states[t - 1] ?? zeros(own, layer.units);
    states.push(
      layer.type === "gru"
        ? gatedStep(layer, kernel, bias, own, h).state
        : activate(phiOf(layer), withBias(times(sideBySide(own, h), kernel), bias)),
    );
  });
  return { states, inputs };
}

/**
 * The errors of a batch of sequences.
 *
 * @param arriving the error at each state, from above or straight from the output.
 * @param transport what carries an error to the step before and to the input, of the kernel's shape; undefined where
 *   none is sent.
 * @returns `uses` of the kernel; `signals`, all that arrived at each state; `input`, the error at each step's input.
 */
export function plainSequenceErrors(
  layer: Recurrent,
  kernel: Matrix,
  bias: Matrix | undefined,
  { states, inputs }: PlainSequence,
  arriving: readonly Matrix[],
  transport: Matrix | undefined,
): { uses: Use[]; signals: Matrix[]; input: Matrix[] } {
  const { units } = layer;
  const uses: Use[] = [];
  const signals: Matrix[] = [];
  const input: Matrix[] = [];
  const width = kernel.length - units;
  const toInput = (e: Matrix) => times(e, flip((transport ?? kernel).slice(0, width)));
  const toState = (e: Matrix) =>
    transport === undefined ? zeros(e, units) : times(e, flip(transport.slice(width)));
  let later = zeros(arriving[0] as Matrix);
  for (let t = states.length - 1; t >= 0; t--) {
    const [x, h] = [inputs[t] as Matrix, states[t - 1] ?? zeros(inputs[t] as Matrix, units)];
    const delta = sum(arriving[t] as Matrix, later);
    signals[t] = delta;
    if (layer.type === "simpleRNN") {
      const rows = sideBySide(x, h);
      const error = deactivate(phiOf(layer), withBias(times(rows, kernel), bias), delta);
      uses.push({ rows, error, isInput: true });
      input[t] = toInput(error);
      later = toState(error);
      continue;
    }
    const at = gatedStep(layer, kernel, bias, x, h);
    const { z, r, resetAfter } = at;
    const eC = deactivate(
      phiOf(layer),
      at.a,
      each((d, zi) => d * (1 - zi), delta, z),
    );
    const atZ = each((d, hi, ci) => d * (hi - ci), delta, h, at.c);
    const onlyC = sideBySide(zeros(eC), zeros(eC), eC);
    const atReset = resetAfter ? undefined : toState(onlyC);
    const atR = atReset === undefined ? product(eC, at.remembered) : product(atReset, h);
    const eGates = deactivate(at.recurrentActivation, at.gateInput, sideBySide(atZ, atR));
    const error = sideBySide(eGates, eC);
    const atState = sideBySide(eGates, resetAfter ? product(r, eC) : zeros(eC));
    const nothing = zeros(x);
    uses.push({ rows: sideBySide(x, zeros(h)), error, isInput: true });
    uses.push({ rows: sideBySide(nothing, h), error: atState, isInput: false });
    if (!resetAfter)
      uses.push({ rows: sideBySide(nothing, product(r, h)), error: onlyC, isInput: false });
    input[t] = toInput(error);
    // Straight from the output comes all that a state gets.
    later =
      transport === undefined
        ? zeros(delta)
        : sum(
            sum(product(delta, z), toState(atState)),
            atReset === undefined ? zeros(delta) : product(atReset, r),
          );
  }
  return { uses, signals, input };
}

/** How a layer answers to noise without its bias, φ(x·W) − φ(0). */
export function plainResponse(layer: Recurrent, a: Matrix): Matrix {
  const answer = (name: string, own: Matrix) =>
    each((seen, rest) => seen - rest, activate(name, own), activate(name, zeros(own)));
  if (layer.type === "simpleRNN") return answer(phiOf(layer), a);
  const { units, recurrentActivation = "sigmoid" } = layer;
  return sideBySide(
    answer(recurrentActivation, columnsFrom(a, 0, 2 * units)),
    answer(phiOf(layer), columnsFrom(a, 2 * units, units)),
  );
}

/** Several matrices below one another. */
export const below = (...parts: readonly Matrix[]): Matrix => parts.flat();

/** Matrices of steps as a batch of sequences. */
export const together = (steps: readonly Matrix[]): Matrix => sideBySide(...steps);
