export { type DotRow, dotChart } from "./charts/dot-chart";
export { lineChart } from "./charts/line-chart";
export { scatterChart } from "./charts/scatter-chart";
export { commandLine } from "./command-line";
export { type Grouping, groupRuns, type RunGroup } from "./groups";
export { Html, html } from "./html";
export { epochsOf, type Line, lineOf, type Read } from "./lines";
export { createPage, type PageOptions } from "./page";
export type {
  LabelShares,
  Predictions,
  ReportedRun,
  RunDescription,
  TestSet,
} from "./reported-run";
export type { ReportedSweep } from "./sections/swept-settings";
export type { ReportedSetting } from "./setting";
export { interval, type Statistics, statistics } from "./statistics";
export { chartStyle, seriesColours, style } from "./style";
