import { type DeviceMemory, deviceMemoryOf } from "./device-memory";
import {
  type CreateSession,
  createSession,
  type SessionOptions,
  type SessionTensor,
} from "./session";
import { SessionThread } from "./session-thread";

/** Where sessions run. */
export interface SessionHost {
  /** Where their arrays lie that stay from call to call. */
  readonly memory: DeviceMemory<SessionTensor>;
  readonly createSession: CreateSession;
  /** Ends it, when its sessions have been freed. */
  end(): Promise<void>;
}

/**
 * So many hosts, of which each runs its sessions beside the others'. The last is this thread, which holds the data
 * already, and would have nothing to do: the others are asked first, and compute while it does.
 */
export async function hostsFor(count: number, options: SessionOptions): Promise<SessionHost[]> {
  const threads = await Promise.all(Array.from({ length: count - 1 }, () => SessionThread.start()));
  return [...threads, { memory: deviceMemoryOf(options), createSession, async end() {} }];
}
