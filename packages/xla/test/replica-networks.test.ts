import { testReplicas } from "../../compiler/test/replica-network-tests";
import { XlaNetwork } from "../src/index";
import { withClient } from "./xla-interpreter";

withClient("replicas", (client) => {
  testReplicas({
    createReplicas: (setup) => XlaNetwork.createReplicas({ ...setup, client: client() }),
    create: (setup) => XlaNetwork.create({ ...setup, client: client() }),
    rules: ["kp"],
    seeds: [3, 0],
    rest: 0,
  });
});
