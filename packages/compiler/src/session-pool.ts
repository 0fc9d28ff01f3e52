import { sizeOf, type TargetForm, type Trainable } from "@bioflax/core";
import { checkSource } from "./checks";
import type { DeviceMemory } from "./device-memory";
import { unsupportedOpsOf } from "./devices";
import type { BlockUse } from "./graph/value";
import { type Program, type ProgramContext, rowsOf } from "./programs";
import { hostTensor } from "./runtime";
import { createSession, type Session, type SessionOptions, type SessionTensor } from "./session";
import { type Source, type SourceLayout, typesOf } from "./source";

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
  readonly #memory: DeviceMemory;
  readonly #blocks: BlockUse | undefined;
  readonly #sessions = new Map<string, Promise<Prepared>>();
  readonly #forms = new WeakMap<Source, TargetForm>();
  readonly #sources = new WeakMap<Source, Promise<Record<string, SessionTensor>>>();

  constructor(
    trainable: Trainable,
    memory: DeviceMemory,
    { layout, batchSize, blocks, ...options }: PoolSetup,
  ) {
    this.#blocks = blocks;
    this.#memory = memory;
    this.#trainable = trainable;
    this.#layout = layout;
    this.#largestBatch = batchSize;
    this.#options = options;
  }

  /** How many of the network's inputs an example holds. */
  get rowsPerExample(): number {
    return rowsOf(this.#layout, this.#trainable.network, 1);
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
    const { inputType, targetType, isWeighted } = typesOf(source);
    const key = `${kind} ${inputType} ${targetType} ${isWeighted ? "weighted" : ""} ${source.count} ${batch}`;
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
    return this.#memory.isDevice ? model.outputs.slice(0, carried) : [];
  }

  /** What programs for a source and batches of a size are built from. */
  context(source: Source, batch: number): ProgramContext {
    return {
      trainable: this.#trainable,
      source: { ...this.#layout, ...typesOf(source), targetForm: this.#formOf(source) },
      count: source.count,
      batch,
      largestBatch: this.#largestBatch,
      unsupportedOps: unsupportedOpsOf[this.#options.device ?? "cpu"],
      blocks: this.#blocks,
    };
  }

  /** How the loss reads a source's targets. @throws BioflaxError when it does not fit the layout, or the loss does not take them. */
  #formOf(source: Source): TargetForm {
    const form = this.#forms.get(source) ?? checkSource(source, this.#layout, this.#trainable);
    this.#forms.set(source, form);
    return form;
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
    this.#formOf(source);
    const { inputShape, targetShape } = this.#layout;
    const { inputType, targetType } = typesOf(source);
    const targetSize = targetShape.length === 0 ? [] : [sizeOf(targetShape)];
    const { count, weights } = source;
    const settled = async (tensor: Promise<SessionTensor>) => this.#memory.upload(await tensor);
    return {
      inputs: await settled(hostTensor(inputType, source.inputs, [count, sizeOf(inputShape)])),
      targets: await settled(hostTensor(targetType, source.targets, [count, ...targetSize])),
      ...(weights && { weights: await settled(hostTensor("float32", weights, [count])) }),
    };
  }

  /** Frees the sessions. */
  async release(): Promise<void> {
    const prepared = await Promise.all(this.#sessions.values());
    this.#sessions.clear();
    await Promise.all(prepared.map(({ session }) => session.release()));
  }
}
