import { type InitializerSpec, initializers as registry } from "@bioflax/core";
import type { Config } from "../config/schema";

type Scaled = (scale: number) => InitializerSpec;

/** Each multiplies the variance it is known for by the scale; but `uniform` draws from −scale to scale. */
const initializers: { readonly [I in Config["initializer"]]: Scaled } = {
  lecun: (scale) => ({ name: "lecunNormal", scale }),
  uniform: (scale) => ({ name: "uniform", scale }),
  variance_scaling: (scale) => ({
    name: "varianceScaling",
    scale,
    mode: "fanIn",
    distribution: "normal",
  }),
  lecunUniform: (scale) => ({ name: "lecunUniform", scale }),
  glorotNormal: (scale) => ({ name: "glorotNormal", scale }),
  glorotUniform: (scale) => ({ name: "glorotUniform", scale }),
  // In core a given scale stands in place of He's own, which is 2.
  heNormal: (scale) => ({ name: "heNormal", scale: 2 * scale }),
  heUniform: (scale) => ({ name: "heUniform", scale: 2 * scale }),
  zeros: () => ({ name: "zeros" }),
};

/** An initializer of one's own is told the scale only where it is not 1: it may have none. */
function initializerOf(name: Config["initializer"], scale: number): InitializerSpec {
  const bundled = initializers[name];
  if (bundled !== undefined) return bundled(scale);
  return (scale === 1 ? registry.get(name as string).name : { name, scale }) as InitializerSpec;
}

/**
 * How the kernels and the feedback weights of a run start: feedback weights as the kernels, but never at 0 unless that
 * is asked for.
 */
export function initializersOf({
  initializer,
  feedbackInitializer = initializer === "zeros" ? "lecun" : initializer,
  scaleW,
  scaleB,
}: Config) {
  return {
    kernelInitializer: initializerOf(initializer, scaleW),
    feedbackInitializer: initializerOf(feedbackInitializer, scaleB),
  };
}
