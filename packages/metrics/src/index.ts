export { accuracy, countCorrect, countRight } from "./accuracy";
export { type AlignmentValues, alignment, summarizeAlignment } from "./alignment";
export { classOf } from "./class-of";
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
