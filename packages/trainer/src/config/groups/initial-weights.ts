import { initializers } from "@bioflax/core";
import { number, oneOf, text } from "../kinds";
import { setting } from "../setting-notes";

/** bioflax's three initializers, then core's by core's names; `lecun` is core's `lecunNormal`. */
const bundled = [
  "lecun",
  "uniform",
  "variance_scaling",
  "lecunUniform",
  "glorotNormal",
  "glorotUniform",
  "heNormal",
  "heUniform",
  "zeros",
] as const;

/** Those, and initializers of one's own; the type has those that come with bioflax. */
const names = () =>
  [
    ...bundled,
    ...initializers.names().filter((name) => !initializers.isBuiltIn(name)),
  ] as (typeof bundled)[number][];

/** How weights start. */
export const initialWeights = () => ({
  initializer: setting(oneOf(names()).default("lecun"), {
    group: "Initial weights",
    description:
      "how kernels are drawn: lecun or lecunUniform (variance 1/fan-in), glorotNormal or glorotUniform (1/mean of the fans), " +
      "heNormal or heUniform (2/fan-in), variance_scaling (1/fan-in, a normal that is not truncated), all times the scale; " +
      "uniform (from -scale to scale); or zeros, from where rules with feedback weights of their own can learn",
    placeholder: "name",
    elsewhere: ["kernelInitializer", "weightInit"],
  }),
  scaleW: setting(number(0).default(1), {
    group: "Initial weights",
    description: "scale of the kernels",
    placeholder: "x",
  }),
  feedbackInitializer: setting(oneOf(names()).optional(), {
    group: "Initial weights",
    description:
      "how feedback weights, or the magnitudes that stand for them, are drawn (default: as the kernels, or lecun where these are zeros)",
    placeholder: "name",
  }),
  scaleB: setting(number(0).default(1), {
    group: "Initial weights",
    description: "scale of the feedback weights",
    placeholder: "x",
  }),
  init: setting(text("the path of a file").optional(), {
    group: "Initial weights",
    description:
      "start from the weights in a .safetensors file instead, also of a network under another --mode: feedback weights that it lacks " +
      "are drawn; of float32, float16, bfloat16 or float64 numbers (NumPy must save contiguous arrays)",
    placeholder: "file",
    path: true,
    elsewhere: ["initialWeights", "loadWeights", "pretrained"],
  }),
});
