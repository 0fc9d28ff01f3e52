import type { KernelLayer } from "../layers/layer";
import { learningOptions, type MirroringSpec } from "../layers/learning-options";
import { sequential } from "./routes";
import { feedbackOf, type Rule } from "./rule";

/** How a layer mirrors; the decay is the rate where nothing else is said. */
function mirroring({ spec }: KernelLayer): Required<MirroringSpec> {
  const { steps, batch, rate, stddev } = learningOptions.mirroring.parts;
  const own = spec.mirroring?.rate ?? rate.value.default;
  const defaults = {
    steps: steps.value.default,
    batch: batch.value.default,
    stddev: stddev.value.default,
  };
  return { ...defaults, decay: own, ...spec.mirroring, rate: own };
}

/**
 * Weight mirrors: before each step of learning, noise x sent through the kernel teaches the feedback weights,
 * B ← (1 − λ)·B + η·xᵀ·y / (batch·σ²) with y = φ(x·W) − φ(0) and x ~ N(0, σ²).
 *
 * In a convolution the product sums over the kernel's places, and their number divides it too.
 *
 * The product's mean is E[φ′]·W (less at the rim of a padded convolution's kernel, which sees fewer places). Dividing
 * by σ² (the paper does not) frees η from the noise's size, and with λ = η, where the paper rescales, B is a running
 * mean of what the mirror sees and cannot outgrow W. λ = 0 is the paper's equation 7.
 */
export const wm: Rule<"above"> = {
  name: "wm",
  title: "Weight mirrors",
  paper: {
    authors: "Akrout, Wilson, Humphreys, Lillicrap & Tweed",
    year: 2019,
    title: "Deep learning without weight transport",
    where: "NeurIPS 32, equation 7",
  },
  formula: { transport: "B", feedback: "mirrors φ(x·W) of noise x" },
  route: sequential,
  hasFeedback: true,
  transport: (_ops, context) => feedbackOf(context),
  noise(layer) {
    const { steps, batch, stddev } = mirroring(layer);
    return Array.from({ length: steps }, () => ({
      shape: [batch, ...layer.kernelInputShape],
      draw: (random) => stddev * random.normal(),
    }));
  },
  mirror(ops, context) {
    const { layer, parameters } = context;
    const { batch, rate, decay, stddev } = mirroring(layer);
    return (parameters.noise ?? []).reduce((feedback, input) => {
      const response = layer.response(ops, parameters.kernel, input);
      const seen = layer.kernelGradient(ops, input, response);
      return ops.axpby(1 - decay, feedback, rate / (batch * layer.places * stddev ** 2), seen);
    }, feedbackOf(context));
  },
};
