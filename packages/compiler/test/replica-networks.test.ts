import { describe } from "@jest/globals";
import { CompiledNetwork } from "../src/index";
import { testReplicas } from "./replica-network-tests";

describe("replicas", () => {
  testReplicas({
    createReplicas: (setup) => CompiledNetwork.createReplicas({ ...setup, threads: 2 }),
    create: (setup) => CompiledNetwork.create({ ...setup, threads: 2 }),
    rules: ["kp", "brsf", "dfa"],
    seeds: [3, 0, 1],
    rest: 5,
  });
});
