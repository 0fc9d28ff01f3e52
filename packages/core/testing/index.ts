export { chosen, everyCase, everyNth } from "./chosen";
export { activationContract } from "./contracts/activation-contract";
export { initializerContract } from "./contracts/initializer-contract";
export { layerContract } from "./contracts/layer-contract";
export { lossContract } from "./contracts/loss-contract";
export { modelContract } from "./contracts/model-contract";
export { optimizerContract, type PlainOptimizer } from "./contracts/optimizer-contract";
export { type PlainTransport, ruleContract } from "./contracts/rule-contract";
export { scheduleContract } from "./contracts/schedule-contract";
export { convolutionCases } from "./convolution-cases";
export { inFloat64 } from "./in-float64";
export {
  type Definition,
  type Interpreter,
  referenceInterpreter,
  relativeError,
  type TestTensor,
  tensor,
} from "./interpreter";
export { noiseOf } from "./noise";
export type { OpCase } from "./op-case";
export { opCases } from "./op-cases";
export { type PlainPass, plainEvaluation, plainPass } from "./plain-pass";
export { plainTrain, plainWeights } from "./plain-reference";
export { plainTransport } from "./plain-rules";
export type { PlainBatch, PlainSetup } from "./plain-setup";
export { randomNetworkCase, randomNetworkSpec } from "./random-network";
export { recurrentCases } from "./recurrent-cases";
export { type ReplicaCase, type ReplicatedCase, replicaCases, worstReplicaError } from "./replicas";
export {
  type NetworkCaseOptions,
  networkCase,
  type TrainingCase,
  trainingCase,
} from "./training-case";
export { rulesAndLosses, scheduleCases, trainingCases } from "./training-cases";
export {
  evaluationDefinition,
  trainingDefinition,
  worstEvaluationError,
  worstTrainingError,
} from "./training-definition";
export { transformerCases } from "./transformer-cases";
