export {
  type AvailableMemory,
  availableMemory,
  availableThreads,
  type Machine,
} from "./machine/machine";
