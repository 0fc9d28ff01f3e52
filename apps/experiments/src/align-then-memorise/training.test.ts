import { degrees } from "@bioflax/metrics";
import { type Statistics, statistics } from "@bioflax/report";
import { expect, test } from "@jest/globals";
import { angleBetween, compare, deviationsOf } from "./compare";
import { generalisationError, orderParametersOf, type TwoLayers } from "./equations";
import { settingOf } from "./setting";
import { exampleStream, trainOnline } from "./training";

const seeds = [...Array(10).keys()];

test.each(["bp", "fa"] as const)(
  "%s: networks follow the equations within three standard errors over ten seeds",
  async (rule) => {
    const course = await compare(settingOf(500), rule, [1, 2, 3, 4, 6, 8, 12], seeds);
    for (const { errorsAway } of deviationsOf(course)) expect(errorsAway).toBeLessThan(3);
    // The error falls to less than a tenth meanwhile, and the theory with it.
    expect(course.theory.at(-1)).toBeLessThan((course.theory[0] as number) / 10);
  },
  // Long beside others that compute.
  240_000,
);

test("the error by the equations is the loss on examples, and the angle is that of the alignment", async () => {
  const { student, teacher, rate, feedback } = settingOf(100);
  let cosine = 0;
  const [seen] = (await trainOnline({
    ...{ student, teacher, rate, feedback, seed: 1 },
    times: [4],
    onAligned: ({ weights = Number.NaN }) => {
      cosine = weights;
    },
  })) as [TwoLayers];
  // Streams of one seed have the same inputs.
  const [own, right] = [seen, teacher].map(
    (network) => exampleStream(network, 7)(20_000).targets,
  ) as [Float32Array, Float32Array];
  const losses = own.map((y, i) => (y - (right[i] as number)) ** 2 / 2);
  const { mean, sd = 0, n } = statistics([...losses]) as Statistics;
  const learning = { teacherOutput: teacher.output };
  const error = generalisationError(orderParametersOf(seen, teacher), learning);
  expect(Math.abs(mean - error)).toBeLessThan((3 * sd) / Math.sqrt(n));
  const angle = angleBetween(seen.output, feedback);
  expect(degrees(cosine)).toBeCloseTo(angle, 0);
});
