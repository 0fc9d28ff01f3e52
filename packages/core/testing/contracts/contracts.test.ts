import {
  activations,
  initializers,
  layers,
  losses,
  models,
  optimizers,
  rules,
  schedules,
} from "@bioflax/core";
import { describe, test } from "@jest/globals";
import {
  activationContract,
  initializerContract,
  layerContract,
  lossContract,
  modelContract,
  optimizerContract,
  ruleContract,
  scheduleContract,
} from "../index";

// Whatever is in a registry: what is added to it is in here, too.
describe("every built-in keeps the contract of its kind", () => {
  test.each([...activations].map((one) => [one.name, one] as const))("activation %s", (_, one) =>
    activationContract(one),
  );
  test.each([...initializers].map((one) => [one.name, one] as const))("initializer %s", (_, one) =>
    initializerContract(one),
  );
  test.each([...layers].map((one) => [one.name, one] as const))("layer %s", (_, one) =>
    layerContract(one),
  );
  test.each([...losses].map((one) => [one.name, one] as const))("loss %s", (_, one) =>
    lossContract(one),
  );
  test.each([...models].map((one) => [one.name, one] as const))("model %s", (_, one) =>
    modelContract(one),
  );
  test.each([...optimizers].map((one) => [one.name, one] as const))("optimizer %s", (_, one) =>
    optimizerContract(one),
  );
  test.each([...rules].map((one) => [one.name, one] as const))("rule %s", (_, one) =>
    ruleContract(one),
  );
  test.each([...schedules].map((one) => [one.name, one] as const))("schedule %s", (_, one) =>
    scheduleContract(one),
  );
});
