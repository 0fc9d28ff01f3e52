import { toModel } from "./graph/model";
import { Scope } from "./graph/scope";
import type { Value } from "./graph/value";
import { createSession, type Session, type SessionOptions, type SessionTensor } from "./session";

/** Where the tensors lie that stay from call to call: weights, optimizer slots, tables of noise, the data. */
export interface DeviceMemory {
  /** Whether they lie where the session computes. Otherwise every call copies what it needs there and back. */
  readonly isDevice: boolean;
  /** Brings a tensor from memory to where it stays. */
  upload(tensor: SessionTensor): Promise<SessionTensor>;
  /** Brings a tensor back to memory. */
  download(tensor: SessionTensor): Promise<SessionTensor>;
  /** Frees the sessions that carry. */
  release(): Promise<void>;
}

/** Tensors stay in memory: the processor computes on them, and ONNX Runtime binds no others to CUDA from Node. */
const inMemory: DeviceMemory = {
  isDevice: false,
  upload: async (tensor) => tensor,
  download: async (tensor) => tensor,
  async release() {},
};

/** A model that gives back what it is given. */
function identityModel({ type, dims }: SessionTensor) {
  const scope = new Scope();
  return toModel(scope, [scope.input("x", dims, type as Value["type"])]);
}

/** Tensors stay on the GPU. ONNX Runtime for Node copies in neither direction itself, so a graph that does nothing else does. */
class OnGpu implements DeviceMemory {
  readonly isDevice = true;
  readonly #options: SessionOptions;
  readonly #copySessions = new Map<string, Promise<Session>>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  upload(tensor: SessionTensor): Promise<SessionTensor> {
    return this.#copy(tensor, "there");
  }

  download(tensor: SessionTensor): Promise<SessionTensor> {
    return tensor.location === "gpu-buffer" ? this.#copy(tensor, "back") : Promise.resolve(tensor);
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
export function deviceMemoryOf(options: SessionOptions): DeviceMemory {
  return options.device === "webgpu" ? new OnGpu(options) : inMemory;
}
