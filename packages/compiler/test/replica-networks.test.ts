import { describe } from "@jest/globals";
import { CompiledNetwork } from "../src/index";
import { testReplicas } from "./replica-network-tests";

const threads = 2;
const create = (setup: Parameters<typeof CompiledNetwork.create>[0]) =>
  CompiledNetwork.create({ ...setup, threads });

describe("replicas that train as one, in two threads", () => {
  testReplicas({
    createReplicas: (setup) => CompiledNetwork.createReplicas({ ...setup, threads, asOne: true }),
    create,
    rules: ["kp", "brsf", "dfa", "fdfa", "f3"],
    seeds: [3, 0, 1],
    rest: 5,
  });
});

describe("replicas that train one after another", () => {
  testReplicas({
    createReplicas: (setup) =>
      CompiledNetwork.createReplicas({ ...setup, threads: 1, asOne: false }),
    create,
    rules: ["kp", "f3"],
    seeds: [3, 0],
    rest: 5,
  });
});
