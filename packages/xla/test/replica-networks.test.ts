import { testReplicas } from "../../compiler/test/replica-network-tests";
import { XlaNetwork } from "../src/index";
import { withClient } from "./xla-interpreter";

const ways = { "as one": true, "beside each other": false };
for (const [way, asOne] of Object.entries(ways))
  withClient(`replicas that train ${way}`, (client) => {
    testReplicas({
      createReplicas: (setup) => XlaNetwork.createReplicas({ ...setup, asOne, client: client() }),
      create: (setup) => XlaNetwork.create({ ...setup, client: client() }),
      rules: asOne ? ["kp", "fdfa"] : ["kp", "f3"],
      seeds: [3, 0],
      rest: asOne ? 0 : 5,
    });
  });
