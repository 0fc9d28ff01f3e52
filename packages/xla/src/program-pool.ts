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

/** Programs compiled for a place, by their text: networks that differ in their weights alone have the same. */
export class Executables {
  readonly #made = new Pool<PjrtExecutable>();

  constructor(private readonly place: Place) {}

  get(text: string): Promise<PjrtExecutable> {
    const { cache } = this.place;
    return this.#made.get(text, () =>
      cache === undefined ? compileText(this.place, text) : cache.compile(this.place, text),
    );
  }

  /** Frees them. */
  release(): Promise<void> {
    return this.#made.release((executable) => executable.destroy());
  }
}

/** The compiled programs of one network; each is made when it is first needed. */
export class ProgramPool {
  readonly #prepared = new Pool<Prepared<Program>>();

  constructor(
    private readonly place: Place,
    private readonly executables: Executables,
  ) {}

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
    return { program, executable: await this.executables.get(program.text) };
  }
}
