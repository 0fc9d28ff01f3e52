import { platform } from "#platform";
import type { Model } from "../graph/model";
import { createSession, type SessionOptions, type SessionTensor } from "./session";

/** How many nodes of a kind ran, and what ran them. */
export interface NodePlacement {
  /** The operator, such as `Gemm`. */
  readonly operator: string;
  /**
   * What ran it, as ONNX Runtime names it: `CPUExecutionProvider`, `WebGpuExecutionProvider`, `CUDAExecutionProvider`.
   */
  readonly provider: string;
  /** How many nodes did, each counted once however often a loop ran it. */
  readonly count: number;
}

interface ProfileEvent {
  readonly cat?: string;
  readonly name?: string;
  readonly args?: { readonly op_name?: string; readonly provider?: string };
}

/**
 * Runs a model once and says what ran each of its nodes, as ONNX Runtime's profile has it. What ONNX Runtime has put
 * between them to copy tensors to the device or back is in it too.
 */
export async function placementsOf(
  model: Model,
  options: SessionOptions & { readonly resident?: readonly string[] },
  feeds: Readonly<Record<string, SessionTensor>>,
): Promise<NodePlacement[]> {
  const events = await platform.profile(async (profile) => {
    const session = await createSession(model, { ...options, profile });
    for (const output of await session.run(feeds)) output.dispose();
    await session.release();
  });
  return countNodes(JSON.parse(events));
}

function countNodes(events: readonly ProfileEvent[]): NodePlacement[] {
  const nodes = new Map<string, NodePlacement & { names: Set<string> }>();
  for (const { cat, name = "", args = {} } of events) {
    const { op_name: operator, provider } = args;
    if (cat !== "Node" || operator === undefined || provider === undefined) continue;
    const key = `${operator} ${provider}`;
    const names = nodes.get(key)?.names ?? new Set();
    names.add(name.replace(/_(kernel_time|fence_before|fence_after)$/, ""));
    nodes.set(key, { operator, provider, names, count: names.size });
  }
  return [...nodes.values()].map(({ names: _names, ...placement }) => placement);
}
