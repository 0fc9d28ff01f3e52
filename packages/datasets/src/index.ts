export { type Dataset, type Examples, type Normalization, type Split, wholeSplit } from "./dataset";
export { batches, type EpochOrderOptions, epochOrder } from "./epoch-order";
export { type IdxArray, parseIdx } from "./mnist/idx";
export { type LoadMnistOptions, loadMnist } from "./mnist/load-mnist";
export { splitValidation } from "./split-validation";
export type { SampledRegressionOptions } from "./synthetic/sampled-regression";
export { sineRegression } from "./synthetic/sine-regression";
export { type TeacherStudentOptions, teacherStudent } from "./synthetic/teacher-student";
export { takeInputs, takeTargets } from "./take";
