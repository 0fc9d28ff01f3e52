export { accuracy, countCorrect, countRight } from "./accuracy";
export {
  type AlignmentPlace,
  type AlignmentValues,
  alignment,
  alignmentVectors,
  summarizeAlignment,
} from "./alignment";
export { classOf } from "./class-of";
export { determination, squaredError, targetVariance } from "./determination";
export { type Evaluation, EvaluationTotal } from "./evaluation";
export {
  comparison,
  cosine,
  degrees,
  dot,
  normRatio,
  type Vector,
  type VectorPair,
} from "./vectors";
