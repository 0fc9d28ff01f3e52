import type { TargetForm, Trainable } from "@bioflax/core";
import type { BlockUse } from "../../graph/value";
import type { DeviceMemory } from "../../runtime/device-memory";
import { unsupportedOpsOf } from "../../runtime/devices";
import type { Session, SessionOptions, SessionTensor } from "../../runtime/session";
import { SessionPool } from "../../runtime/session-pool";
import { checkSource } from "../checks";
import { rowsOf, type Source, type SourceLayout, sourceArrays, typesOf } from "../source";
import type { Program, ProgramContext } from "./batch-programs";

/** A session with what its program observes. */
interface Prepared {
  readonly session: Session;
  readonly observed: readonly string[];
}

/** What a network's sessions are made with beside it. */
interface SessionsSetup extends SessionOptions {
  readonly layout: SourceLayout;
  readonly batchSize: number;
  /** How matrices lie in blocks while training; none does when left out. */
  readonly blocks?: BlockUse | undefined;
}

/**
 * The programs of one network as sessions, and the sources they read as tensors; each is made when it is first needed.
 */
export class ProgramSessions {
  readonly #trainable: Trainable;
  readonly #setup: SessionsSetup;
  readonly #memory: DeviceMemory<SessionTensor>;
  readonly #sessions: SessionPool;
  readonly #observed = new Map<string, readonly string[]>();
  readonly #forms = new WeakMap<Source, TargetForm>();
  readonly #sources = new WeakMap<Source, Promise<Record<string, SessionTensor>>>();

  constructor(trainable: Trainable, memory: DeviceMemory<SessionTensor>, setup: SessionsSetup) {
    const { device, threads, graphOptimization = "all" } = setup;
    this.#memory = memory;
    this.#trainable = trainable;
    this.#setup = setup;
    this.#sessions = new SessionPool({ device, threads, graphOptimization });
  }

  /** How many of the network's inputs an example holds. */
  get rowsPerExample(): number {
    return rowsOf(this.#setup.layout, this.#trainable.network, 1);
  }

  /**
   * The session of a program for sources and batches of these sizes.
   *
   * @param kind what the program does: with the sizes, it names the session.
   */
  async get(
    kind: string,
    source: Source,
    batch: number,
    build: (context: ProgramContext) => Program,
  ): Promise<Prepared> {
    const { inputType, targetType, isWeighted } = typesOf(source);
    const name = `${kind} ${inputType} ${targetType} ${isWeighted ? "weighted" : ""} ${source.count} ${batch}`;
    const session = await this.#sessions.get(name, () => {
      const program = build(this.context(source, batch));
      this.#observed.set(name, program.observed ?? []);
      return { model: program.model, resident: this.residentOf(program) };
    });
    return { session, observed: this.#observed.get(name) as readonly string[] };
  }

  /** The outputs of a program that stay where it computes, for the next call. */
  residentOf({ model, carried = 0 }: Program): readonly string[] {
    return this.#memory.isDevice ? model.outputs.slice(0, carried) : [];
  }

  /** What programs for a source and batches of a size are built from. */
  context(source: Source, batch: number): ProgramContext {
    const { layout, batchSize, device = "cpu", blocks } = this.#setup;
    return {
      trainable: this.#trainable,
      source: { ...layout, ...typesOf(source), targetForm: this.#formOf(source) },
      count: source.count,
      batch,
      largestBatch: batchSize,
      unsupportedOps: unsupportedOpsOf[device],
      blocks,
    };
  }

  /**
   * How the loss reads a source's targets. @throws BioflaxError when it does not fit the layout, or the loss does not
   * take them.
   */
  #formOf(source: Source): TargetForm {
    const form =
      this.#forms.get(source) ?? checkSource(source, this.#setup.layout, this.#trainable);
    this.#forms.set(source, form);
    return form;
  }

  /**
   * A source as tensors, by the names programs give their inputs. @throws BioflaxError when it does not fit the layout.
   */
  sourceTensors(source: Source): Promise<Record<string, SessionTensor>> {
    let tensors = this.#sources.get(source);
    if (tensors === undefined) {
      tensors = this.#upload(source);
      this.#sources.set(source, tensors);
    }
    return tensors;
  }

  async #upload(source: Source): Promise<Record<string, SessionTensor>> {
    this.#formOf(source);
    const tensors: Record<string, SessionTensor> = {};
    for (const [name, array] of Object.entries(sourceArrays(source, this.#setup.layout)))
      tensors[name] = await this.#memory.upload(array);
    return tensors;
  }

  /** Frees the sessions. */
  release(): Promise<void> {
    return this.#sessions.release();
  }
}
