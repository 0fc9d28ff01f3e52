export type { Activation } from "./activations/activation";
export {
  type ActivationName,
  activationName,
  activations,
  getActivation,
} from "./activations/registry";
export { DeviceError, type DeviceFault } from "./device-error";
export { BioflaxError, didYouMean, lookUp, nearest, printable, printableName } from "./errors";
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
  KernelFreeLayer,
  KernelLayer,
  KernelParameters,
  KernelResiduals,
  Layer,
  LayerParameters,
  LayerWeight,
  ParameterRole,
  Residuals,
} from "./layers/layer";
export { createLayer, layers } from "./layers/registry";
export {
  type ActivationSpec,
  type AddSpec,
  type BatchNormalizationSpec,
  type Conv2dSpec,
  type DenseSpec,
  type DropoutSpec,
  type FlattenSpec,
  type GlobalPooling2dSpec,
  hasKernel,
  type KernelFreeLayerSpec,
  type KernelLayerSpec,
  type KernelOptions,
  type LayerSpec,
  type MirroringSpec,
  type PaddingName,
  type Pooling2dSpec,
  type ReshapeSpec,
  type ZeroPadding2dSpec,
} from "./layers/specs";
export type { Loss } from "./losses/loss";
export { checkSampleWeights, type GivenTargets, readTargets } from "./losses/read-targets";
export {
  getLoss,
  type LossName,
  type LossOptions,
  type LossSpec,
  losses,
  lossNameOf,
} from "./losses/registry";
export {
  type TargetForm,
  type TargetKind,
  type TargetKindName,
  targetKinds,
} from "./losses/target-kinds";
export type { Model, ModelOptions } from "./models/model";
export { getModel, type ModelName, models } from "./models/registry";
export { checkLoss, checkRule, lossesWithTarget } from "./network/check-rules";
export {
  initializeWeights,
  initializeWeightsInStretches,
  missingFeedback,
  type Weights,
  withFeedback,
} from "./network/initialize";
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
  layerContextsOf,
  outputOf,
  type Tape,
} from "./network/passes";
export { slotNames, type TrainingSnapshot } from "./network/snapshot";
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
export { feedbackTargetsOf, type Wiring } from "./network/wiring";
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
export { type Pair, type Window2d, windowShape } from "./ops/window";
export { type AdamOptions, adam } from "./optimizers/adam";
export { adamw } from "./optimizers/adamw";
export {
  createLearningRate,
  type LearningRate,
  type LearningRateSpec,
  rateAt,
} from "./optimizers/learning-rate";
export type { FusedStep, Optimizer, UpdateInputs } from "./optimizers/optimizer";
export {
  createOptimizer,
  type OptimizerName,
  type OptimizerSpec,
  optimizers,
} from "./optimizers/registry";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop";
export { type SgdOptions, sgd } from "./optimizers/sgd";
export { checkOptionNames, type OptionNames } from "./option-names";
export {
  type NamedNoise,
  type Noise,
  noiseOffset,
  noiseShape,
  noiseTable,
  noiseTableSize,
} from "./random/noise";
export { Random } from "./random/random";
export {
  type DirectRuleName,
  getRule,
  type RuleName,
  rules,
  type SequentialRuleName,
} from "./rules/registry";
export { direct, type Route, sequential } from "./rules/routes";
export {
  type FeedbackGradientInputs,
  feedbackDistribution,
  feedbackOf,
  type LayerContext,
  type OutputSignals,
  type Paper,
  type Rule,
} from "./rules/rule";
export type { CosineOptions } from "./schedules/cosine";
export type { ExponentialOptions } from "./schedules/exponential";
export type { MultiStepOptions } from "./schedules/multi-step";
export {
  createSchedule,
  type ScheduleName,
  type ScheduleSpec,
  schedules,
} from "./schedules/registry";
export type { Schedule } from "./schedules/schedule";
export type { WarmupOptions } from "./schedules/warmup";
export { sentence, showProblems, showValue } from "./show-value";
