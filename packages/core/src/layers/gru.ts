import { getActivation } from "../activations/registry";
import type { TensorOps } from "../ops/tensor-ops";
import type { LayerDefinition } from "./definition";
import { kernelLayer, restingValue } from "./kernel-layer";
import { layerOptionNames } from "./option-names";
import { expectCount, expectFlag } from "./options";
import { expectSequence, recurrentLayer, type StepMaths, stepMap } from "./recurrent-layer";
import type { GRUSpec } from "./specs";

/** Columns of a matrix. */
function columnsOf<T>(ops: TensorOps<T>, x: T, from: number, count: number): T {
  const [rows] = ops.shape(x) as [number];
  return ops.slice(x, [0, from], [rows, count]);
}

/**
 * A layer of gated recurrent units (Cho et al. 2014): with z and r = ψ([x_t, h_{t−1}]·W + b), of which z says how much
 * of the state stays and r how much of it a new one is made of, c = φ(x_t·W_x + r ⊙ h_{t−1}·W_h + b) and h_t = z ⊙
 * h_{t−1} + (1 − z) ⊙ c. The kernel's columns are those of z, of r and of c.
 *
 * Without `resetAfter`, r multiplies the state before the kernel does, c = φ(x_t·W_x + (r ⊙ h_{t−1})·W_h + b), so that
 * an error gets to r only through the kernel, by what carries errors from step to step.
 *
 * @param spec units, activation φ (tanh when left out), recurrentActivation ψ, resetAfter, returnSequences and so on.
 * @param inputShape `[steps, in]`; kernel [in + units, 3·units], the input's rows first, bias [3·units].
 * @throws BioflaxError for units that are not a positive whole number, an input that is no sequence, an unknown
 *   activation, or an option out of its range.
 */
export const gru: LayerDefinition<GRUSpec> = {
  name: "gru",
  hasKernel: true,
  mixesSteps: true,
  activation: "tanh",
  probe: [3, 2],
  examples: [
    { units: 3 },
    { units: 2, resetAfter: false, returnSequences: true },
    { units: 2, recurrentActivation: "tanh", useBias: false },
  ],
  optionNames: layerOptionNames.gru,
  create(given, inputShape) {
    const spec = { ...given, activation: given.activation ?? "tanh" };
    const { units, recurrentActivation = "sigmoid", resetAfter = true } = spec;
    const { returnSequences = false } = spec;
    expectCount("gru", "units", units);
    expectFlag("gru", "returnSequences", returnSequences);
    expectFlag("gru", "resetAfter", resetAfter);
    const [, inputs] = expectSequence("gru", inputShape);
    const [phi, psi] = [getActivation(spec.activation), getActivation(recurrentActivation)];
    const dense = kernelLayer(spec, stepMap(inputs, units, 3 * units));
    const gates = <T>(ops: TensorOps<T>, x: T): T => columnsOf(ops, x, 0, 2 * units);
    const candidate = <T>(ops: TensorOps<T>, x: T): T => columnsOf(ops, x, 2 * units, units);
    const first = <T>(ops: TensorOps<T>, x: T): T => columnsOf(ops, x, 0, units);
    const second = <T>(ops: TensorOps<T>, x: T): T => columnsOf(ops, x, units, units);
    /** What the kernel is applied to where there is only an input, or only a state. */
    const alone = <T>(ops: TensorOps<T>, x: T, before: number, after: number): T =>
      ops.pad(x, [
        [0, 0],
        [before, after],
      ]);

    const maths: StepMaths = {
      uses: resetAfter ? 2 : 3,
      forward(ops, { kernel, bias }, input, state) {
        const rows = (from: number, count: number) =>
          ops.slice(kernel, [from, 0], [count, 3 * units]);
        const product = ops.matMul(input, rows(0, inputs));
        const given = bias === undefined ? product : ops.add(product, bias);
        const ofState = rows(inputs, units);
        const seen = state && ops.matMul(state, resetAfter ? ofState : gates(ops, ofState));
        const gateInput =
          seen === undefined ? gates(ops, given) : ops.add(gates(ops, given), gates(ops, seen));
        const both = psi.forward(ops, gateInput);
        const [z, r] = [first(ops, both), second(ops, both)];
        const reset = state && !resetAfter ? ops.mul(r, state) : undefined;
        const remembered =
          seen === undefined || state === undefined
            ? undefined
            : resetAfter
              ? candidate(ops, seen)
              : ops.matMul(reset as typeof state, candidate(ops, ofState));
        const own = candidate(ops, given);
        const added = resetAfter && remembered ? ops.mul(r, remembered) : remembered;
        const a = added === undefined ? own : ops.add(own, added);
        const c = phi.forward(ops, a);
        const fresh = ops.sub(c, ops.mul(z, c));
        const nothing = (like: typeof input) => ops.mul(like, 0);
        const use = alone(ops, input, 0, units);
        const ofStates = [state, ...(resetAfter ? [] : [reset])].map((x) =>
          x === undefined ? nothing(use) : alone(ops, x, inputs, 0),
        );
        return {
          state: state === undefined ? fresh : ops.add(ops.mul(z, state), fresh),
          uses: [use, ...ofStates],
          kept: [gateInput, both, a, c, ...(resetAfter ? [remembered ?? nothing(c)] : [])],
        };
      },
      backward<T>(
        ops: TensorOps<T>,
        { kept }: { readonly kept: readonly T[] },
        delta: T,
        state: T | undefined,
        before: ((error: T) => T) | undefined,
      ) {
        const [gateInput, both, a, c, remembered] = kept as [T, T, T, T, T?];
        const [z, r] = [first(ops, both), second(ops, both)];
        const none = ops.mul(delta, 0);
        const atC = phi.backward(ops, { a, y: c }, ops.sub(delta, ops.mul(delta, z)));
        const atZ = ops.mul(delta, state === undefined ? ops.neg(c) : ops.sub(state, c));
        const noGates = ops.concat([none, none, atC], 1);
        // Without resetAfter an error gets to r, and to the state it multiplies, only by what carries it there.
        const carried =
          state === undefined || remembered !== undefined ? undefined : before?.(noGates);
        const atR =
          remembered !== undefined
            ? ops.mul(atC, remembered)
            : carried === undefined
              ? none
              : ops.mul(carried, state as T);
        const atGates = psi.backward(ops, { a: gateInput, y: both }, ops.concat([atZ, atR], 1));
        const together = (last: T) => ops.concat([atGates, last], 1);
        const atState = together(remembered === undefined ? none : ops.mul(r, atC));
        const errors = [together(atC), atState, ...(resetAfter ? [] : [noGates])];
        if (state === undefined || before === undefined) return { errors, state: undefined };
        const passed = ops.add(ops.mul(delta, z), before(atState));
        return {
          errors,
          state: carried === undefined ? passed : ops.add(passed, ops.mul(carried, r)),
        };
      },
    };
    const layer = recurrentLayer(
      { inputShape, units, returnSequences },
      {
        ...dense,
        response(ops, kernel, input) {
          const product = ops.matMul(input, kernel);
          const answer = (activation: typeof phi, a: typeof input) =>
            ops.sub(activation.forward(ops, a), restingValue(activation));
          return ops.concat(
            [answer(psi, gates(ops, product)), answer(phi, candidate(ops, product))],
            1,
          );
        },
      },
      maths,
    );
    return {
      ...layer,
      refuses: (rule) =>
        layer.refuses?.(rule) ??
        (rule.route.source === "output" && !resetAfter
          ? "without resetAfter an error gets to the reset gate only through the kernel, and errors straight from the output go through none"
          : undefined),
    };
  },
};
