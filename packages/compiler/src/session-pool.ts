import { sizeOf, type Trainable } from "@bioflax/core";
import { checkSource } from "./checks";
import { lackingOperators } from "./devices";
import type { Model } from "./graph/model";
import type { BlockUse } from "./graph/value";
import type { ProgramContext } from "./programs";
import type { Residence } from "./residence";
import { hostTensor } from "./runtime";
import { createSession, type Session, type SessionOptions, type SessionTensor } from "./session";
import { type Source, type SourceLayout, typesOf } from "./source";

/** A program: a model, and the names of what it observes. */
interface Program {
  readonly model: Model;
  readonly observed?: readonly string[];
  /** How many of its outputs, from the first, are kept for the next call. */
  readonly carried?: number;
}

/** A session with what its program observes. */
interface Prepared {
  readonly session: Session;
  readonly observed: readonly string[];
}

/** What a pool is made with beside its network. */
interface PoolSetup extends SessionOptions {
  readonly layout: SourceLayout;
  readonly batchSize: number;
  /** How matrices lie in blocks while training; none does when left out. */
  readonly blocks?: BlockUse | undefined;
}

/** The sessions of one network, and the sources they read as tensors; each is made when it is first needed. */
export class SessionPool {
  readonly #trainable: Trainable;
  readonly #layout: SourceLayout;
  readonly #largestBatch: number;
  readonly #options: SessionOptions;
  readonly #residence: Residence;
  readonly #blocks: BlockUse | undefined;
  readonly #sessions = new Map<string, Promise<Prepared>>();
  readonly #sources = new WeakMap<Source, Promise<Record<string, SessionTensor>>>();

  constructor(
    trainable: Trainable,
    residence: Residence,
    { layout, batchSize, blocks, ...options }: PoolSetup,
  ) {
    this.#blocks = blocks;
    this.#residence = residence;
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
      const program = build(this.context(source, batch));
      const { model, observed = [] } = program;
      const resident = this.residentOf(program);
      prepared = createSession(model, { ...this.#options, resident }).then((session) => ({
        session,
        observed,
      }));
      this.#sessions.set(key, prepared);
      // A session that could not be made is forgotten, so that the next call tries again.
      prepared.catch(() => this.#sessions.delete(key));
    }
    return prepared;
  }

  /** The outputs of a program that stay where it computes, for the next call. */
  residentOf({ model, carried = 0 }: Program): readonly string[] {
    return this.#residence.isDevice ? model.outputs.slice(0, carried) : [];
  }

  /** What programs for a source and batches of a size are built from. */
  context(source: Source, batch: number): ProgramContext {
    return {
      trainable: this.#trainable,
      source: { ...this.#layout, ...typesOf(source) },
      count: source.count,
      batch,
      largestBatch: this.#largestBatch,
      lacking: lackingOperators[this.#options.device ?? "cpu"],
      blocks: this.#blocks,
    };
  }

  /** A source as tensors, by the names programs give their inputs. @throws BioflaxError when it does not fit the layout. */
  sourceTensors(source: Source): Promise<Record<string, SessionTensor>> {
    let tensors = this.#sources.get(source);
    if (tensors === undefined) {
      tensors = this.#wrap(source);
      this.#sources.set(source, tensors);
    }
    return tensors;
  }

  async #wrap(source: Source): Promise<Record<string, SessionTensor>> {
    checkSource(source, this.#layout, this.#trainable.network.outputs);
    const { inputShape, targetShape } = this.#layout;
    const { inputType, targetType } = typesOf(source);
    const targetSize = targetShape.length === 0 ? [] : [sizeOf(targetShape)];
    const [inputs, targets] = await Promise.all([
      hostTensor(inputType, source.inputs, [source.count, sizeOf(inputShape)]),
      hostTensor(targetType, source.targets, [source.count, ...targetSize]),
    ]);
    return {
      inputs: await this.#residence.settle(inputs),
      targets: await this.#residence.settle(targets),
    };
  }

  /** Frees the sessions. */
  async release(): Promise<void> {
    const prepared = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(prepared.map(({ session }) => session.release()));
  }
}
