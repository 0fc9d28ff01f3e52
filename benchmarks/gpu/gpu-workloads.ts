import { dense, lenet5, type Workload } from "../workloads";

const small = [784, 500, 500, 10];
const large = [784, 4096, 4096, 10];

/** What is timed, the most telling first: time may run out. */
export const workloads: readonly Workload[] = [
  dense(small, 32, "bp"),
  dense(small, 4096, "bp"),
  dense(large, 1024, "bp"),
  dense(small, 256, "bp"),
  dense(small, 32, "fa"),
  lenet5(64),
  dense(small, 32, "dfa"),
  dense(large, 1024, "fa"),
  dense(large, 1024, "dfa"),
];

/** What is timed where there is little time: small enough for a driver that imitates a GPU. */
export const quickWorkloads: readonly Workload[] = [
  dense([784, 32, 32, 10], 32, "bp"),
  dense([784, 32, 32, 10], 32, "dfa"),
];
