export { accuracy, countCorrect } from "./accuracy";
export { alignment, type AlignmentValues, summarizeAlignment } from "./alignment";
export { cosine, degrees, dot, norm, normRatio, type Vector } from "./vectors";
