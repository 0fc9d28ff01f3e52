/** What a table may show of a run beside its summary: the test result of every epoch, and the last angles. */
export function courseOf(records) {
  const { alignment = {} } = records.at(-1);
  const read = (key) => records.map(({ test }) => test[key]);
  return {
    course: {
      ...("accuracy" in records[0].test && { accuracy: read("accuracy") }),
      loss: read("loss"),
    },
    angles: { signal: alignment["layers.0.signalAngle"], weights: alignment.weightsAngle },
  };
}
