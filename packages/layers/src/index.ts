export type {
  BioConv2dOptions,
  BioDenseOptions,
  DenseOptions,
  DirectConv2dOptions,
  DirectHiddenOptions,
  DirectOutputOptions,
  FeedbackOptions,
  InitializerOption,
  OutputUnits,
  SequentialConv2dOptions,
  SequentialDenseOptions,
} from "./base/options";
export { type Conversion, type ConversionEntry, convert } from "./convert/convert";
export type { ConvertOptions } from "./convert/make";
export { toLayersModel } from "./convert/to-layers-model";
export {
  DirectFeedback,
  type DirectFeedbackOptions,
  directFeedback,
} from "./direct/direct-feedback";
export { ErrorSourceLayer, errorSource } from "./direct/error-source";
export { linkModel } from "./direct/link-model";
export {
  bioActivation,
  bioAveragePooling2d,
  bioBatchNormalization,
  bioDropout,
  bioGlobalMaxPooling2d,
  bioLayerNormalization,
  bioMaxPooling2d,
  bioPrelu,
} from "./kernel-free-layers/factories";
export type {
  ActivationOptions,
  BatchNormalizationOptions,
  DropoutOptions,
  GlobalPooling2dOptions,
  LayerNormalizationOptions,
  Pooling2dOptions,
  PreluOptions,
} from "./kernel-free-layers/layers";
export { DirectConv2d, DirectHidden } from "./kernel-layers/direct-layer";
export { DirectOutput } from "./kernel-layers/direct-output";
export {
  bioConv2d,
  bioDense,
  denseBP,
  denseDFAHidden,
  denseDFAOutput,
  denseFA,
  denseKP,
} from "./kernel-layers/factories";
export {
  ModulatedConv2d,
  type ModulatedConv2dOptions,
  ModulatedDense,
  type ModulatedDenseOptions,
} from "./kernel-layers/modulated-layer";
export { SequentialConv2d, SequentialDense } from "./kernel-layers/sequential-layer";
export { type BioNetworkOptions, bioNetwork } from "./network/bio-network";
export { fromSpec, type NetworkOptions } from "./network/from-spec";
export { toNetwork } from "./network/to-network";
export { toSpec } from "./network/to-spec";
export { networkNoise, networkParameters, readWeights, writeWeights } from "./network/weights";
export { tfOps } from "./ops/tf-ops";
export {
  type BioConv1dOptions,
  type BioConv2dTransposeOptions,
  type BioDepthwiseConv2dOptions,
  type BioSeparableConv2dOptions,
  bioConv1d,
  bioConv2dTranspose,
  bioDepthwiseConv2d,
  bioSeparableConv2d,
} from "./own-layers/convolutions";
export { type BioLayerOptions, bioLayer } from "./own-layers/own-layer";
export {
  type BioAttentionOptions,
  type BioCropping1dOptions,
  type BioEmbeddingOptions,
  type BioPositionEmbeddingOptions,
  bioAttention,
  bioCropping1d,
  bioEmbedding,
  bioPositionEmbedding,
} from "./own-layers/sequences";
export { registerClasses } from "./register-classes";
export { type AlignmentCallbackOptions, alignmentCallback } from "./training/alignment-callback";
export { binaryAccuracy } from "./training/binary-accuracy";
export { loss, uncheckedLoss } from "./training/loss";
export { modelInputGradient } from "./training/model-input-gradient";
export { type ModelInTraining, trainModel } from "./training/model-step";
export { type NetworkReplica, NetworkReplicas } from "./training/network-replicas";
export { BioflaxOptimizer, optimizer } from "./training/optimizer";
export { readSnapshot, type TrainedModel, writeSnapshot } from "./training/snapshot";
