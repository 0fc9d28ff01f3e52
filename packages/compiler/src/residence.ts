import { toModel } from "./graph/model";
import { Scope } from "./graph/scope";
import type { Value } from "./graph/value";
import { createSession, type Session, type SessionOptions, type SessionTensor } from "./session";

/** Where the tensors lie that stay from call to call: weights, optimizer slots, tables of noise, the data. */
export interface Residence {
  /** Whether they lie where the session computes. Otherwise every call copies what it needs there and back. */
  readonly isDevice: boolean;
  /** Brings a tensor from memory to where it stays. */
  settle(tensor: SessionTensor): Promise<SessionTensor>;
  /** Brings a tensor back to memory. */
  fetch(tensor: SessionTensor): Promise<SessionTensor>;
  /** Frees the sessions that carry. */
  release(): Promise<void>;
}

/** Tensors stay in memory: the processor computes on them, and ONNX Runtime binds no others to CUDA from Node. */
const inMemory: Residence = {
  isDevice: false,
  settle: async (tensor) => tensor,
  fetch: async (tensor) => tensor,
  async release() {},
};

/** A model that gives back what it is given. */
function identityModel({ type, dims }: SessionTensor) {
  const scope = new Scope();
  return toModel(scope, [scope.input("x", dims, type as Value["type"])]);
}

/** Tensors stay on the GPU. ONNX Runtime for Node copies in neither direction itself, so a graph that does nothing else does. */
class OnGpu implements Residence {
  readonly isDevice = true;
  readonly #options: SessionOptions;
  readonly #carriers = new Map<string, Promise<Session>>();

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  settle(tensor: SessionTensor): Promise<SessionTensor> {
    return this.#carry(tensor, "there");
  }

  fetch(tensor: SessionTensor): Promise<SessionTensor> {
    return tensor.location === "gpu-buffer" ? this.#carry(tensor, "back") : Promise.resolve(tensor);
  }

  async #carry(tensor: SessionTensor, way: "there" | "back"): Promise<SessionTensor> {
    const key = `${way} ${tensor.type} ${tensor.dims}`;
    let carrier = this.#carriers.get(key);
    if (carrier === undefined) {
      const model = identityModel(tensor);
      const resident = way === "there" ? model.outputs : [];
      carrier = createSession(model, { ...this.#options, resident });
      this.#carriers.set(key, carrier);
    }
    const [carried] = await (await carrier).run({ x: tensor });
    return carried as SessionTensor;
  }

  async release(): Promise<void> {
    const carriers = await Promise.all(this.#carriers.values());
    this.#carriers.clear();
    await Promise.all(carriers.map((carrier) => carrier.release()));
  }
}

/** Where a device's tensors stay. */
export function residenceOf(options: SessionOptions): Residence {
  return options.device === "webgpu" ? new OnGpu(options) : inMemory;
}
