import { Pool, type ProgramContext, programName } from "@bioflax/compiler";
import type { PjrtExecutable } from "@bioflax/pjrt";
import { type Place, targetOf } from "./place";
import { compileText } from "./program-cache";
import type { ProgramTarget } from "./stablehlo/block";
import type { Program } from "./stablehlo/program";

/** A program that was compiled. */
export interface Prepared<P extends Program> {
  readonly program: P;
  readonly executable: PjrtExecutable;
}

/** The compiled programs of one network; each is made when it is first needed. */
export class ProgramPool {
  readonly #prepared = new Pool<Prepared<Program>>();

  constructor(private readonly place: Place) {}

  /**
   * A program for the sources and batches of a context.
   *
   * @param kind what the program does.
   */
  get<P extends Program>(
    kind: string,
    context: ProgramContext,
    build: (context: ProgramContext, target: ProgramTarget) => P,
  ): Promise<Prepared<P>> {
    const name = programName(kind, context);
    return this.#prepared.get(name, () =>
      this.#compile(build(context, targetOf(this.place))),
    ) as Promise<Prepared<P>>;
  }

  async #compile<P extends Program>(program: P): Promise<Prepared<P>> {
    const { cache } = this.place;
    const executable = await (cache === undefined
      ? compileText(this.place, program.text)
      : cache.compile(this.place, program.text));
    return { program, executable };
  }

  /** Frees the programs. */
  release(): Promise<void> {
    return this.#prepared.release(({ executable }) => executable.destroy());
  }
}
