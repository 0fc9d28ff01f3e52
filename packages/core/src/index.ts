export type { Activation } from "./activations/activation";
export { activationName, activations, getActivation, type ActivationName } from "./activations/registry";
export { BioflaxError, lookUp, nearest } from "./errors";
export type { Initializer } from "./initializers/initializer";
export { createInitializer, initializers, type InitializerName, type InitializerSpec } from "./initializers/registry";
export type { VarianceScalingOptions } from "./initializers/variance-scaling";
export { dense } from "./layers/dense";
export type { DenseSpec, Layer, LayerParameters, LayerSpec, ParameterRole, Residuals } from "./layers/layer";
export { createLayer, layers } from "./layers/registry";
export type { Loss } from "./losses/loss";
export { getLoss, losses, type LossName } from "./losses/registry";
export { initializeWeights, type Weights } from "./network/initialize";
export {
  createNetwork,
  flatten,
  groupByLayer,
  type Network,
  type NetworkParameters,
  type NetworkSpec,
  type ParameterInfo,
} from "./network/network";
export { backward, forward, outputOf, type Tape } from "./network/passes";
export {
  applyGradients,
  lossAndGradients,
  type Batch,
  type LossAndGradients,
  type Trainable,
  type TrainingState,
} from "./network/training-step";
export { float64Tensor, referenceOps, type Float64Tensor } from "./ops/reference-ops";
export { shapeOps } from "./ops/shape-ops";
export { axpbyShape, broadcastShape, matMulShape, oneHotShape, reduceShape, reshapeShape, sameShape, showShape, sizeOf } from "./ops/shapes";
export type { MatMulOptions, Operand, Shape, TensorOps } from "./ops/tensor-ops";
export { adam, type AdamOptions } from "./optimizers/adam";
export type { Optimizer, UpdateInputs } from "./optimizers/optimizer";
export { createOptimizer, optimizers, type OptimizerName, type OptimizerSpec } from "./optimizers/registry";
export { sgd, type SgdOptions } from "./optimizers/sgd";
export { Random } from "./random/random";
export { getRule, rules, type RuleName } from "./rules/registry";
export { direct, sequential, type Route, type Site } from "./rules/routes";
export type { Paper, Rule } from "./rules/rule";
