/** Mean and sample standard deviation. */
function statistics(values) {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined };
}

/** Mean ± standard deviation, as they are shown; a dash where there are none. */
export function cell(values, show) {
  if (values.length === 0) return "–";
  const { mean, sd } = statistics(values);
  return sd === undefined ? show(mean) : `${show(mean)} ± ${show(sd)}`;
}

/** A share in percent. */
export const percent = (share) => (share * 100).toFixed(2);
const small = (loss) => loss.toPrecision(3);
const tenths = (value) => value.toFixed(1);

/** Titles, what each reads from a run, and how it is shown. */
function columns(epochsShown) {
  const course = epochsShown.flatMap((epoch) => [
    [`test accuracy after ${epoch} (%)`, (run) => run.course?.accuracy?.[epoch - 1], percent],
    [
      `test loss after ${epoch}`,
      (run) => (run.course?.accuracy === undefined ? run.course?.loss[epoch - 1] : undefined),
      small,
    ],
  ]);
  const angles = [
    ["angle of signals at the first layer (°)", ({ angles }) => angles?.signal, tenths],
    ["angle of feedback weights (°)", ({ angles }) => angles?.weights, tenths],
  ];
  return [
    ...course,
    ["final test accuracy (%)", ({ test }) => test.accuracy, percent],
    ["best test accuracy (%)", ({ best }) => best.test.accuracy, percent],
    ["final test loss", ({ test }) => test.loss, small],
    ["best test loss", ({ best }) => best.test.loss, small],
    ["best epoch", ({ best }) => best.epoch, tenths],
    ...(epochsShown.length > 0 ? angles : []),
    ["seconds", ({ timing }) => timing.totalSeconds, tenths],
  ];
}

/**
 * The Markdown table of some results, with the columns that any run has something for.
 *
 * @param results for each recipe its runs.
 * @param epochsShown epochs whose test results have a column; with them come the final angles.
 */
export function markdown(results, epochsShown) {
  const finished = results.filter(({ runs }) => runs.length > 0);
  const values = (runs, read) => runs.map(read).filter((value) => Number.isFinite(value));
  const shown = columns(epochsShown).filter(([, read]) =>
    finished.some(({ runs }) => values(runs, read).length > 0),
  );
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [
    line(["recipe", ...shown.map(([title]) => title)]),
    line(["---", ...shown.map(() => "---:")]),
    ...finished.map(({ recipe, runs }) =>
      line([recipe, ...shown.map(([, read, show]) => cell(values(runs, read), show))]),
    ),
  ].join("\n");
}
