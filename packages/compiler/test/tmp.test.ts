import { trainingCases, worstTrainingError } from "@bioflax/core/testing";
import { test } from "@jest/globals";
import { compiledInterpreter } from "./compiled-interpreter";
const cases = trainingCases({ steps: 2 }).filter((c) => /^(usf|wm|brsf|frsf)/.test(c.name) && /sgd \{"name":"sgd","learningRate":0.1\}/.test(c.name)).slice(0, 12);
test("x", async () => {
  for (const c of cases) console.log(c.name, await worstTrainingError(compiledInterpreter({ device: "webgpu" }), c));
}, 200000);
