import {
  createSchedule,
  type GivenSchedule,
  type ScheduleDefinition,
  schedules,
} from "@bioflax/core";
import { ensure, ensureOptions, ensureOptionsMatter } from "./check";
import { examplesOf } from "./examples";

const STEPS = Array.from({ length: 40 }, (_, step) => step);

/**
 * What every schedule has to be, with each of its `examples`: a finite factor from 0 at every step, which depends on
 * the step alone; options within their ranges, and none that changes nothing.
 *
 * @param definition which is added to {@link schedules}.
 * @throws Error saying what is wrong with it, and at which step.
 */
export function scheduleContract<D extends ScheduleDefinition>(definition: D): void {
  schedules.add(definition);
  const who = `The schedule "${definition.name}"`;
  const create = (options: object) =>
    createSchedule({ ...options, name: definition } as GivenSchedule);
  const bases = examplesOf(who, definition);
  ensureOptions(who, definition.options, bases[0] as object, create);
  ensureOptionsMatter(who, definition.options, bases, (options) =>
    JSON.stringify(STEPS.map(create(options))),
  );
  for (const options of bases) {
    const whose = `${who} with ${JSON.stringify(options)}`;
    const schedule = create(options);
    const forth = STEPS.map(schedule);
    forth.forEach((factor, step) => {
      ensure(
        Number.isFinite(factor) && factor >= 0,
        whose,
        `its factor at step ${step} is ${factor}, expected a number from 0.`,
      );
    });
    for (const step of [...STEPS].reverse())
      ensure(
        schedule(step) === forth[step],
        whose,
        `its factor at step ${step} is ${schedule(step)} when asked again, and was ${forth[step]}.`,
      );
  }
}
