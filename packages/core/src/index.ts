export type { Activation } from "./activations/activation";
export {
  type ActivationName,
  activationName,
  activations,
  getActivation,
} from "./activations/registry";
export { BioflaxError, lookUp, nearest } from "./errors";
export { connectionMask } from "./initializers/connections";
export { type Distribution, type Initializer, initialValues } from "./initializers/initializer";
export {
  createInitializer,
  type InitializerName,
  type InitializerSpec,
  initializers,
} from "./initializers/registry";
export type { VarianceScalingOptions } from "./initializers/variance-scaling";
export { dense } from "./layers/dense";
export type {
  DenseSpec,
  Layer,
  LayerParameters,
  LayerSpec,
  MirroringSpec,
  ParameterRole,
  Residuals,
} from "./layers/layer";
export { createLayer, layers } from "./layers/registry";
export type { Loss } from "./losses/loss";
export { getLoss, type LossName, losses } from "./losses/registry";
export { checkLoss, checkRule, lossesWithTarget } from "./network/check-rules";
export { initializeWeights, type Weights } from "./network/initialize";
export {
  createNetwork,
  flatten,
  groupByLayer,
  type Network,
  type NetworkParameters,
  type NetworkSpec,
  type NoiseInfo,
  noiseName,
  type ParameterInfo,
} from "./network/network";
export {
  type Backward,
  backward,
  forward,
  outputOf,
  sitesOf,
  type Tape,
} from "./network/passes";
export {
  applyGradients,
  type Batch,
  createTrainable,
  type LossAndGradients,
  lossAndGradients,
  prepareStep,
  type Trainable,
  type TrainingSpec,
  type TrainingState,
  withNoise,
} from "./network/training-step";
export { norm, TINY, withNormOf } from "./ops/norm";
export { type Float64Tensor, float64Tensor, referenceOps } from "./ops/reference-ops";
export { shapeOps } from "./ops/shape-ops";
export {
  axpbyShape,
  broadcastShape,
  matMulShape,
  oneHotShape,
  reduceShape,
  reshapeShape,
  sameShape,
  showShape,
  sizeOf,
} from "./ops/shapes";
export type { MatMulOptions, Operand, Shape, TensorOps } from "./ops/tensor-ops";
export { type AdamOptions, adam } from "./optimizers/adam";
export { adamw } from "./optimizers/adamw";
export type { Optimizer, UpdateInputs } from "./optimizers/optimizer";
export {
  createOptimizer,
  type OptimizerName,
  type OptimizerSpec,
  optimizers,
} from "./optimizers/registry";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop";
export { type SgdOptions, sgd } from "./optimizers/sgd";
export {
  type NamedNoise,
  type Noise,
  noiseOffset,
  noiseTable,
  noiseTableSize,
} from "./random/noise";
export { Random } from "./random/random";
export { getRule, type RuleName, rules } from "./rules/registry";
export { direct, type Route, sequential } from "./rules/routes";
export {
  type FeedbackLesson,
  feedbackDistribution,
  feedbackOf,
  type OutputSignals,
  type Paper,
  type Rule,
  type Site,
} from "./rules/rule";
