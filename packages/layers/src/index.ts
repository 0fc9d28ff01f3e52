export { DirectHidden } from "./dense/direct-hidden";
export { DirectOutput } from "./dense/direct-output";
export {
  bioDense,
  denseBP,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  denseKP,
} from "./dense/factories";
export { linkModel } from "./dense/link-model";
export type {
  BioDenseOptions,
  DenseOptions,
  DirectHiddenOptions,
  DirectOutputOptions,
  FeedbackOptions,
  InitializerOption,
  SequentialDenseOptions,
} from "./dense/options";
export { SequentialDense } from "./dense/sequential-dense";
export { type BioNetworkOptions, bioNetwork } from "./network/bio-network";
export { fromSpec, type NetworkOptions } from "./network/from-spec";
export { toNetwork } from "./network/to-network";
export { networkNoise, networkParameters, readWeights, writeWeights } from "./network/weights";
export { tfOps } from "./ops/tf-ops";
export { type AlignmentCallbackOptions, alignmentCallback } from "./training/alignment-callback";
export { loss } from "./training/loss";
export { BioflaxOptimizer, optimizer } from "./training/optimizer";
