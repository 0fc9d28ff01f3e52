export type { Activation } from "./activations/activation";
export {
  type ActivationName,
  activationName,
  activations,
  getActivation,
} from "./activations/registry";
export { DefinitionError } from "./definition-error";
export { DeviceError, type DeviceFault } from "./device-error";
export { BioflaxError, didYouMean, lookUp, nearest, printable, printableName } from "./errors";
export { float16At } from "./float16";
export { type FeedbackStructure, structured } from "./initializers/feedback-structure";
export {
  type Distribution,
  defineInitializer,
  type Initializer,
  type InitializerDefinition,
  initialValues,
} from "./initializers/initializer";
export {
  createInitializer,
  type GivenInitializer,
  type InitializerName,
  type InitializerSpec,
  initializerSpecOf,
  initializers,
} from "./initializers/registry";
export type { VarianceScalingOptions } from "./initializers/variance-scaling";
export { activation } from "./layers/activation";
export { batchNormalization } from "./layers/batch-normalization";
export { conv2d } from "./layers/conv2d";
export {
  type CustomLayerSpec,
  defineKernelLayer,
  defineLayer,
  type LayerDefinition,
  layerOf,
  type OwnKernelLayer,
  type OwnLayer,
} from "./layers/definition";
export { dense } from "./layers/dense";
export { dropout } from "./layers/dropout";
export { globalMaxPooling2d } from "./layers/global-pooling2d";
export {
  carriesErrors,
  type FeedbackRole,
  type Joint,
  type KernelFreeLayer,
  type KernelLayer,
  type KernelParameters,
  type KernelResiduals,
  type Layer,
  type LayerParameters,
  type LayerWeight,
  type ParameterRole,
  type Recurrence,
  type Residuals,
  receivingShape,
} from "./layers/layer";
export { layerNormalization } from "./layers/layer-normalization";
export {
  feedbackWeightOptionNames,
  learningOptionNames,
  updateOptionNames,
} from "./layers/learning-option-names";
export {
  type AnyLearningOption,
  type AnyValue,
  everyLearningOption,
  type FeedbackWeightOptions,
  type LearningOptions,
  type LearningSetting,
  learningOptions,
  type MirroringSpec,
  type OwnFeedbackOptions,
  type UpdateOptions,
} from "./layers/learning-options";
export { type OwnOptions, ownOptionNames } from "./layers/option-names";
export { learningOptionsFor } from "./layers/options";
export { averagePooling2d, maxPooling2d } from "./layers/pooling2d";
export { prelu } from "./layers/prelu";
export { createLayer, hasKernel, kernelSize, layers } from "./layers/registry";
export { type SeparableConv2dOptions, separableConv2d } from "./layers/separable-conv2d";
export type {
  ActivationSpec,
  AddSpec,
  AttentionSpec,
  BatchNormalizationSpec,
  ConcatenateSpec,
  Conv1dSpec,
  Conv2dSpec,
  Conv2dTransposeSpec,
  Cropping1dSpec,
  DenseSpec,
  DepthwiseConv2dSpec,
  DropoutSpec,
  EmbeddingSpec,
  FlattenSpec,
  GlobalPooling2dSpec,
  GRUSpec,
  KernelFreeLayerSpec,
  KernelLayerSpec,
  KernelOptions,
  LayerNormalizationSpec,
  LayerSpec,
  LeakyReLUSpec,
  PaddingName,
  Pooling2dSpec,
  PositionEmbeddingSpec,
  PreluSpec,
  ReshapeSpec,
  SimpleRNNSpec,
  ZeroPadding2dSpec,
} from "./layers/specs";
export { defineLoss, type Loss, type LossDefinition } from "./losses/loss";
export { checkSampleWeights, type GivenTargets, readTargets } from "./losses/read-targets";
export {
  type GivenLoss,
  getLoss,
  type LossName,
  type LossOptions,
  type LossSpec,
  losses,
  lossesOf,
  lossNameOf,
  lossOptions,
  lossSpecOf,
} from "./losses/registry";
export {
  type TargetForm,
  type TargetKind,
  type TargetKindName,
  targetKinds,
} from "./losses/target-kinds";
export { defineModel, type ModelDefinition, type ModelOptions } from "./models/model";
export { getModel, type ModelName, models } from "./models/registry";
export { checkLoss, checkRule, lossesWithTarget } from "./network/check-rules";
export {
  DelayedErrors,
  delayedErrorSlots,
  delayedErrorsName,
  delayedErrorsOf,
  type ErringExamples,
  firstErrors,
  needsDelayedErrors,
  stepsUntilRepeated,
} from "./network/delayed-errors";
export { errorsOf } from "./network/errors-through-time";
export {
  type GivenLayer,
  type GivenNetwork,
  layerSpecOf,
  networkSpecOf,
} from "./network/given";
export {
  initializeWeights,
  initializeWeightsInStretches,
  missingFeedback,
  type Weights,
  withFeedback,
} from "./network/initialize";
export { inputGradient } from "./network/input-gradient";
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
  type BackwardOptions,
  backward,
  forward,
  layerContextsOf,
  outputOf,
  type Tape,
} from "./network/passes";
export {
  checkSnapshot,
  differenceName,
  differenceSlots,
  remainingName,
  slotNames,
  type TrainingSnapshot,
} from "./network/snapshot";
export { checkInputGradient, checkInputs, checkSymbols, symbolsOf } from "./network/symbols";
export {
  applyGradients,
  type Batch,
  createTrainable,
  type GivenTraining,
  type LossAndGradients,
  lossAndGradients,
  prepareStep,
  type StepInputs,
  type StepOptions,
  type Trainable,
  type TrainedStep,
  type TrainingSpec,
  type TrainingState,
  trainingSpecOf,
  trainStep,
  type UpdateWeight,
  withNoise,
} from "./network/training-step";
export { feedbackTargetsOf, type Wiring } from "./network/wiring";
export { aboveDiagonal, onesLike, zerosLike } from "./ops/constants";
export { constant, type Dual, forwardModeOps } from "./ops/forward-mode";
export { norm, TINY, withNormOf } from "./ops/norm";
export { type Float64Tensor, float64Tensor, referenceOps } from "./ops/reference-ops";
export { shapeOps } from "./ops/shape-ops";
export {
  axpbyShape,
  batchMatMulShape,
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
export { type Convolution2d, type Pair, type Window2d, windowShape } from "./ops/window";
export { type AdamOptions, adam } from "./optimizers/adam";
export { adamw } from "./optimizers/adamw";
export { defineOptimizer, type OptimizerDefinition, sharedOptions } from "./optimizers/definition";
export { descend } from "./optimizers/descend";
export {
  createLearningRate,
  type LearningRate,
  type LearningRateSpec,
  rateAt,
} from "./optimizers/learning-rate";
export type { FusedStep, Optimizer, UpdateInputs } from "./optimizers/optimizer";
export {
  createOptimizer,
  type GivenOptimizer,
  type OptimizerName,
  type OptimizerSpec,
  optimizerSpecOf,
  optimizers,
} from "./optimizers/registry";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop";
export { type SgdOptions, sgd } from "./optimizers/sgd";
export { sgdw } from "./optimizers/sgdw";
export { checkOptionNames, type OptionNames } from "./option-names";
export {
  type ChoiceOption,
  type FlagOption,
  type GivenOptions,
  type NumberOption,
  type NumbersOption,
  type Option,
  type Options,
  type OptionValue,
  type OptionValues,
  optionTypes,
  type WordsOption,
} from "./options/option";
export { describeOption, fitsOption, readOptions } from "./options/read-options";
export {
  type NamedNoise,
  type Noise,
  noiseOffset,
  noiseShape,
  noiseTable,
  noiseTableSize,
} from "./random/noise";
export { Random } from "./random/random";
export { createRegistry, type Definition, type OpenName, type Registry } from "./registry";
export { type Computation, inLockstep, type Lockstep } from "./replicas/lockstep";
export {
  ReplicaStep,
  type ReplicaStepInputs,
  type ReplicaStepResult,
} from "./replicas/replica-step";
export {
  perReplica,
  type Replicated,
  replicatedOps,
  shared,
  withReplicaAxis,
} from "./replicas/replicated-ops";
export {
  type ErrorProjection,
  factoredGradient,
  factoredTransport,
  feedbackShapesOf,
  projectionGradientOf,
} from "./rules/error-projection";
export { ruleFeatures } from "./rules/features";
export { feedbackGradientOf, mirroredFeedback } from "./rules/feedback";
export {
  type DirectRuleName,
  getRule,
  type ModulatedRuleName,
  type RuleName,
  rules,
  type SequentialRuleName,
} from "./rules/registry";
export {
  direct,
  feedbackProjectionOf,
  modulated,
  type Route,
  sequential,
} from "./rules/routes";
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
export { defineSchedule, type ScheduleDefinition } from "./schedules/definition";
export type { ExponentialOptions } from "./schedules/exponential";
export type { MultiStepOptions } from "./schedules/multi-step";
export {
  createSchedule,
  type GivenSchedule,
  type ScheduleName,
  type ScheduleSpec,
  scheduleSpecOf,
  schedules,
} from "./schedules/registry";
export type { Schedule } from "./schedules/schedule";
export type { WarmupOptions } from "./schedules/warmup";
export { sentence, showProblems, showValue } from "./show-value";
