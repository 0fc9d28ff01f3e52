import * as tf from "@tensorflow/tfjs";

/** An operation with a gradient of our own. */
export interface KernelDefinition<Attributes> {
  /** Its name among TensorFlow.js's kernels. */
  readonly name: string;
  /** The inputs the backward pass reads, by name. */
  readonly inputsToSave: readonly string[];
  /** Which of the outputs the backward pass reads; or all, however many they are. */
  readonly outputsToSave: readonly boolean[] | "all";
  /** The forward pass. It runs in a tidy of its own. */
  forward(inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor[];
  /**
   * The backward pass.
   *
   * @param delta the error signal at the first output; the other outputs are for the backward pass alone.
   * @param saved the saved inputs, then the saved outputs.
   * @returns what makes each input's error signal: called only for inputs that are asked for, each in its own tidy.
   */
  backward(
    delta: tf.Tensor,
    saved: tf.Tensor[],
    attributes: Attributes,
  ): Record<string, () => tf.Tensor>;
}

/** True for every output: TensorFlow.js asks for it by the output's index. */
const everyOutput = new Proxy<boolean[]>([], { get: () => true });

/**
 * Defines an operation through TensorFlow.js's kernel registry, for every backend.
 *
 * Unlike `tf.customGrad` it computes only the gradients that are asked for, and works in any scope.
 *
 * @returns a function that runs it.
 */
export function defineKernel<Attributes extends object>(definition: KernelDefinition<Attributes>) {
  const { name } = definition;
  tf.registerGradient({
    kernelName: name,
    inputsToSave: [...definition.inputsToSave],
    outputsToSave: definition.outputsToSave === "all" ? everyOutput : [...definition.outputsToSave],
    gradFunc: (deltas, saved, attributes) =>
      definition.backward(
        // TensorFlow.js hands over the only one of them bare.
        (Array.isArray(deltas) ? deltas[0] : deltas) as tf.Tensor,
        saved,
        attributes as unknown as Attributes,
      ),
  });
  return (inputs: tf.NamedTensorMap, attributes: Attributes): tf.Tensor[] => {
    const backendName = tf.getBackend();
    if (!tf.getKernel(name, backendName)) {
      tf.registerKernel({
        kernelName: name,
        backendName,
        kernelFunc: (given) =>
          tf.tidy(() =>
            definition.forward(
              given.inputs as tf.NamedTensorMap,
              given.attrs as unknown as Attributes,
            ),
          ),
      });
    }
    // Attributes reach the kernel and the gradient untouched, whatever they are.
    return tf
      .engine()
      .runKernel(name, inputs, attributes as unknown as tf.NamedAttrMap) as tf.Tensor[];
  };
}
