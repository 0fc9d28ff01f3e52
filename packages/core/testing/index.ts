export {
  type Definition,
  type Interpreter,
  referenceInterpreter,
  relativeError,
  type TestTensor,
  tensor,
} from "./interpreter";
export { noiseOf } from "./noise";
export { type OpCase, opCases } from "./op-cases";
export {
  type PlainBatch,
  type PlainSetup,
  plainPass,
  plainTrain,
  plainTransport,
  plainWeights,
} from "./plain-reference";
export {
  rulesAndLosses,
  type TrainingCase,
  trainingCase,
  trainingCases,
  trainingDefinition,
  worstTrainingError,
} from "./training-cases";
