import { toModel } from "../graph/model";
import { Scope } from "../graph/scope";
import type { Value } from "../graph/value";
import type { HostArray } from "./host-array";
import { hostTensor } from "./runtime";
import { createSession, type Session, type SessionOptions, type SessionTensor } from "./session";

/** Where the arrays lie that stay from call to call: weights, optimizer slots, tables of noise, the data. */
export interface DeviceMemory<DeviceBuffer> {
  /** Whether they lie where the session computes. Otherwise every call copies what it needs there and back. */
  readonly isDevice: boolean;
  /** Brings an array to where it stays; one that stays in memory is not copied. */
  upload(array: HostArray): Promise<DeviceBuffer>;
  /** A copy of floats in memory. */
  download(buffer: DeviceBuffer): Promise<Float32Array>;
  /** Frees what was uploaded, or what a call left there; in memory the array itself, which is then empty. */
  free(buffer: DeviceBuffer): void;
  /** Frees what copying took. */
  release(): Promise<void>;
}

/** Frees a tensor in memory at once: the collector would leave those of two calls of a large network behind. */
function discard(tensor: SessionTensor): void {
  const { buffer, byteLength } = tensor.data as Float32Array<ArrayBuffer>;
  tensor.dispose();
  if (byteLength < buffer.byteLength) return;
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(undefined, [buffer]);
  port1.close();
  port2.close();
}

const copied = ({ data }: SessionTensor) => Float32Array.from(data as Float32Array);

/** Tensors stay in memory: the processor computes on them, and ONNX Runtime binds no others to CUDA from Node. */
const inMemory: DeviceMemory<SessionTensor> = {
  isDevice: false,
  upload: hostTensor,
  download: async (tensor) => copied(tensor),
  free: discard,
  async release() {},
};

/** A model that gives back what it is given. */
function identityModel({ type, dims }: SessionTensor) {
  const scope = new Scope();
  return toModel(scope, [scope.input("x", dims, type as Value["type"])]);
}

/**
 * Tensors stay on the GPU. ONNX Runtime for Node copies in neither direction itself, so a graph that does nothing else
 * does.
 */
class OnGpu implements DeviceMemory<SessionTensor> {
  readonly isDevice = true;
  readonly #options: SessionOptions;
  readonly #copySessions = new Map<string, Promise<Session>>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  async upload(array: HostArray): Promise<SessionTensor> {
    return this.#copy(await hostTensor(array), "there");
  }

  async download(tensor: SessionTensor): Promise<Float32Array> {
    return copied(tensor.location === "gpu-buffer" ? await this.#copy(tensor, "back") : tensor);
  }

  free(tensor: SessionTensor): void {
    tensor.dispose();
  }

  async #copy(tensor: SessionTensor, way: "there" | "back"): Promise<SessionTensor> {
    const key = `${way} ${tensor.type} ${tensor.dims}`;
    let copySession = this.#copySessions.get(key);
    if (copySession === undefined) {
      const model = identityModel(tensor);
      const resident = way === "there" ? model.outputs : [];
      copySession = createSession(model, { ...this.#options, resident });
      this.#copySessions.set(key, copySession);
    }
    const [carried] = await (await copySession).run({ x: tensor });
    return carried as SessionTensor;
  }

  async release(): Promise<void> {
    const copySessions = await Promise.all(this.#copySessions.values());
    this.#copySessions.clear();
    await Promise.all(copySessions.map((copySession) => copySession.release()));
  }
}

/** Where a device's tensors stay. */
export function deviceMemoryOf(options: SessionOptions): DeviceMemory<SessionTensor> {
  return options.device === "webgpu" ? new OnGpu(options) : inMemory;
}
