import { describe, expect, test } from "@jest/globals";
import { opCases, type TestTensor } from "../../testing/index";
import { type Dual, forwardModeOps, Random, referenceOps, type TensorOps } from "../index";
import { type Float64Tensor, float64Tensor } from "./reference-ops";

/** How far an input is moved to either side for a difference. */
const STEP = 1e-6;

type Tensors = readonly Float64Tensor[];

const moved = (inputs: Tensors, along: readonly (Float64Tensor | undefined)[], by: number) =>
  inputs.map(({ data, shape }, i) =>
    float64Tensor(
      data.map((x, j) => x + by * (along[i]?.data[j] ?? 0)),
      shape,
    ),
  );

/** Inputs without ties: where a function has a kink, a difference is that of no side. */
const apart = ({ data, shape, type }: TestTensor, random: Random): Float64Tensor =>
  float64Tensor(type === "int32" ? data : data.map((x) => x + 0.01 * random.uniform()), shape);

describe("forward mode", () => {
  test.each(opCases.map((opCase) => [opCase.name, opCase] as const))(
    "%s: the derivative along a direction, by differences",
    (_name, { definition, inputs }) => {
      const random = new Random(0, "forward-mode");
      const values = inputs.map((input) => apart(input, random));
      const directions = inputs.map(({ shape, data, type }) =>
        type === "int32"
          ? undefined
          : float64Tensor(
              data.map(() => random.normal()),
              shape,
            ),
      );
      const ops = forwardModeOps(referenceOps);
      const directed = (only?: number) =>
        directions.map((own, i) => (only === undefined || only === i ? own : undefined));
      // Along all inputs at once, and along each alone, where the others have no tangent.
      for (const along of [directed(), ...inputs.map((_, i) => directed(i))]) {
        const duals = values.map((value, i): Dual<Float64Tensor> => ({ value, tangent: along[i] }));
        const results = definition<Dual<Float64Tensor>>(ops, duals);
        const [after, before] = [STEP, -STEP].map((by) =>
          definition<Float64Tensor>(referenceOps, moved(values, along, by)),
        ) as [Tensors, Tensors];
        const plain = definition<Float64Tensor>(referenceOps, values);
        results.forEach(({ value, tangent }, i) => {
          expect([...value.data]).toEqual([...(plain[i] as Float64Tensor).data]);
          const differences = (after[i] as Float64Tensor).data.map(
            (x, j) => (x - ((before[i] as Float64Tensor).data[j] as number)) / (2 * STEP),
          );
          if (tangent !== undefined) expect(tangent.shape).toEqual(value.shape);
          const scale = differences.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1);
          const worst = differences.reduce(
            (most, x, j) => Math.max(most, Math.abs(x - (tangent?.data[j] ?? 0)) / scale),
            0,
          );
          expect(worst).toBeLessThan(1e-5);
        });
      }
    },
  );

  test("the cases have every operation", () => {
    const used = new Set<string>();
    const counted = new Proxy(referenceOps, {
      get(ops, name: keyof TensorOps<Float64Tensor>) {
        used.add(name);
        return ops[name];
      },
    });
    for (const { definition, inputs } of opCases)
      definition(
        counted,
        inputs.map(({ data, shape }) => float64Tensor(data, shape)),
      );
    const all = Object.keys(referenceOps).filter((name) => name !== "shape");
    expect(all.filter((name) => !used.has(name))).toEqual([]);
  });
});
