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

/** So many hosts, of which each runs its sessions beside the others': one is this thread. */
export async function hostsFor(count: number, options: SessionOptions): Promise<SessionHost[]> {
  if (count > 1) return Promise.all(Array.from({ length: count }, () => SessionThread.start()));
  return [{ memory: deviceMemoryOf(options), createSession, async end() {} }];
}
