import { sizeOf, type Trainable } from "@bioflax/core";
import { checkSource } from "./checks";
import type { Model } from "./graph/model";
import type { ProgramContext } from "./programs";
import {
  createSession,
  type HostTensor,
  hostTensor,
  type Session,
  type SessionOptions,
} from "./session";
import { type Source, type SourceLayout, typesOf } from "./source";

/** A program: a model, and the names of what it observes. */
interface Program {
  readonly model: Model;
  readonly observed?: readonly string[];
}

/** A session with what its program observes. */
interface Prepared {
  readonly session: Session;
  readonly observed: readonly string[];
}

/** The sessions of one network, and the sources they read as tensors; each is made when it is first needed. */
export class SessionPool {
  readonly #trainable: Trainable;
  readonly #layout: SourceLayout;
  readonly #largestBatch: number;
  readonly #options: SessionOptions;
  readonly #sessions = new Map<string, Promise<Prepared>>();
  readonly #sources = new WeakMap<Source, Promise<Record<string, HostTensor>>>();

  constructor(
    trainable: Trainable,
    { layout, batchSize, ...options }: SessionOptions & { layout: SourceLayout; batchSize: number },
  ) {
    this.#trainable = trainable;
    this.#layout = layout;
    this.#largestBatch = batchSize;
    this.#options = options;
  }

  /**
   * The session of a program for sources and batches of these sizes.
   *
   * @param kind what the program does: with the sizes, it names the session.
   */
  get(
    kind: string,
    source: Source,
    batch: number,
    build: (context: ProgramContext) => Program,
  ): Promise<Prepared> {
    const { inputType, targetType } = typesOf(source);
    const key = `${kind} ${inputType} ${targetType} ${source.count} ${batch}`;
    let prepared = this.#sessions.get(key);
    if (prepared === undefined) {
      const { model, observed = [] } = build({
        trainable: this.#trainable,
        source: { ...this.#layout, inputType, targetType },
        count: source.count,
        batch,
        largestBatch: this.#largestBatch,
      });
      prepared = createSession(model, this.#options).then((session) => ({ session, observed }));
      this.#sessions.set(key, prepared);
      // A session that could not be made is forgotten, so that the next call tries again.
      prepared.catch(() => this.#sessions.delete(key));
    }
    return prepared;
  }

  /** A source as tensors, by the names programs give their inputs. @throws BioflaxError when it does not fit the layout. */
  sourceTensors(source: Source): Promise<Record<string, HostTensor>> {
    let tensors = this.#sources.get(source);
    if (tensors === undefined) {
      tensors = this.#wrap(source);
      this.#sources.set(source, tensors);
    }
    return tensors;
  }

  async #wrap(source: Source): Promise<Record<string, HostTensor>> {
    checkSource(source, this.#layout, this.#trainable.network.outputs);
    const { inputShape, targetShape } = this.#layout;
    const { inputType, targetType } = typesOf(source);
    const targetSize = targetShape.length === 0 ? [] : [sizeOf(targetShape)];
    return {
      inputs: await hostTensor(inputType, source.inputs, [source.count, sizeOf(inputShape)]),
      targets: await hostTensor(targetType, source.targets, [source.count, ...targetSize]),
    };
  }

  /** Frees the sessions. */
  async release(): Promise<void> {
    const prepared = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(prepared.map(({ session }) => session.release()));
  }
}
