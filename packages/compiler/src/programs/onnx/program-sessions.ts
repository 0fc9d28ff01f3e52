import type { AlignmentPlace } from "@bioflax/metrics";
import type { BlockUse } from "../../graph/value";
import type { DeviceMemory } from "../../runtime/device-memory";
import { unsupportedOpsOf } from "../../runtime/devices";
import type { CreateSession, Session, SessionOptions, SessionTensor } from "../../runtime/session";
import { Pool } from "../pool";
import { programName } from "../program-context";
import type { Source } from "../source";
import type { Sources } from "../sources";
import type { OnnxContext, Program } from "./onnx-context";

/** A session with what its program observes, or where the values of alignment are. */
interface Prepared {
  readonly session: Session;
  readonly observed: readonly string[];
  readonly places: readonly AlignmentPlace[];
}

/** What a network's sessions are made with beside it. */
interface SessionsSetup extends SessionOptions {
  /** How matrices lie in blocks while training; none does when left out. */
  readonly blocks?: BlockUse | undefined;
  readonly createSession: CreateSession;
  /** Makes those of training; `createSession` when left out. */
  readonly createTraining?: CreateSession | undefined;
}

/** The programs of one network as sessions; each is made when it is first needed. */
export class ProgramSessions {
  readonly #prepared = new Pool<Prepared>();

  constructor(
    private readonly sources: Sources<SessionTensor>,
    private readonly memory: DeviceMemory<SessionTensor>,
    private readonly setup: SessionsSetup,
  ) {}

  /**
   * The session of a program for a source and batches of a size.
   *
   * @param kind what the program does.
   */
  get(
    kind: string,
    source: Source,
    batch: number,
    build: (context: OnnxContext) => Program,
  ): Promise<Prepared> {
    const context = this.context(source, batch);
    return this.#prepared.get(programName(kind, context), async () => {
      const program = build(context);
      const resident = this.residentOf(program);
      const { isRare = program.carried === undefined } = program;
      const keepsFactors = context.replicas !== undefined;
      const { createSession, device, threads, graphOptimization } = this.setup;
      const { createTraining = createSession } = this.setup;
      const create = program.carried === undefined ? createSession : createTraining;
      const options = { device, threads, graphOptimization, resident, isRare, keepsFactors };
      const session = await create(program.model, options);
      const { observed = [], places = [] } = program;
      return { session, observed, places };
    });
  }

  /** Frees the sessions of a family of kinds but for one. @param family what their names begin with. */
  keepOneOf(family: string, kind: string, source: Source, batch: number): Promise<void> {
    const kept = programName(kind, this.context(source, batch));
    return this.#prepared.release(
      ({ session }) => session.release(),
      (name) => name.startsWith(family) && name !== kept,
    );
  }

  /** The outputs of a program that stay where it computes, for the next call. */
  residentOf({ model, carried = 0 }: Program): readonly string[] {
    return this.memory.isDevice ? model.outputs.slice(0, carried) : [];
  }

  /** What programs for a source and batches of a size are built from. */
  context(source: Source, batch: number): OnnxContext {
    const { device = "cpu", blocks } = this.setup;
    return {
      ...this.sources.context(source, batch),
      unsupportedOps: unsupportedOpsOf[device],
      blocks,
    };
  }

  /** Frees the sessions. */
  release(): Promise<void> {
    return this.#prepared.release(({ session }) => session.release());
  }
}
