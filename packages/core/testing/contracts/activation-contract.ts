import { type Activation, activations, float64Tensor, referenceOps } from "@bioflax/core";
import {
  drawn,
  ensure,
  ensureClose,
  ensureFinite,
  ensureShapes,
  inner,
  numericalGradient,
  streamOf,
} from "./check";

/**
 * What every activation has to be: of its input's shape, finite, each row by itself, and `backward` its derivative.
 *
 * @param activation which is added to {@link activations}.
 * @throws Error saying what is wrong with it.
 */
export function activationContract(activation: Activation): void {
  activations.add(activation);
  const who = `The activation "${activation.name}"`;
  const random = streamOf(who);
  const a = drawn(random, [4, 3], 2);
  const delta = drawn(random, [4, 3]);
  const phi = (x: typeof a) => activation.forward(referenceOps, x);
  const y = phi(a);
  ensure(
    y.shape.join() === a.shape.join(),
    who,
    `its output has the shape [${y.shape}] for an input of [${a.shape}].`,
  );
  const row = (x: typeof a, i: number) => float64Tensor(x.data.slice(3 * i, 3 * i + 3), [1, 3]);
  for (let i = 0; i < 4; i++)
    ensureClose(who, `its output for row ${i} by itself`, phi(row(a, i)), row(y, i), 1e-12);
  if (activation.normalizes)
    for (let i = 0; i < 4; i++)
      ensureClose(
        who,
        `the sum of row ${i}, which it says is 1,`,
        float64Tensor([row(y, i).data.reduce((sum, x) => sum + x, 0)], []),
        float64Tensor([1], []),
      );
  ensureFinite(who, "its output for large inputs", phi(float64Tensor([500, -500, 0], [1, 3])));
  const received = activation.backward(referenceOps, { a, y }, delta);
  const expected = numericalGradient((x) => inner(phi(x), delta), a);
  ensureClose(who, "the error it hands on, by finite differences,", received, expected);
  ensureShapes(
    who,
    "result",
    (ops, [x, d]) => {
      const out = activation.forward(ops, x as NonNullable<typeof x>);
      return [
        out,
        activation.backward(
          ops,
          { a: x as NonNullable<typeof x>, y: out },
          d as NonNullable<typeof d>,
        ),
      ];
    },
    [a, delta],
  );
}
