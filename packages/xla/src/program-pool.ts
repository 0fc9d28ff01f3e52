import { checkSource, type Source, type SourceLayout, typesOf } from "@bioflax/compiler";
import { sizeOf, type TargetForm, type Trainable } from "@bioflax/core";
import type { PjrtBuffer, PjrtExecutable } from "@bioflax/pjrt";
import { type Place, upload } from "./device-arrays";
import type { ProgramContext } from "./programs";
import type { Program } from "./stablehlo/program";

/** A program that was compiled. */
export interface Prepared<P extends Program> {
  readonly program: P;
  readonly executable: PjrtExecutable;
}

/**
 * The compiled programs of one network, and the sources they read on the device; each is made when it is first needed.
 */
export class ProgramPool {
  readonly #prepared = new Map<string, Promise<Prepared<Program>>>();
  readonly #forms = new WeakMap<Source, TargetForm>();
  readonly #sources = new Map<Source, Promise<ReadonlyMap<string, PjrtBuffer>>>();

  /** @param largestBatch the most examples a training step has. */
  constructor(
    private readonly trainable: Trainable,
    private readonly place: Place,
    private readonly layout: SourceLayout,
    private readonly largestBatch: number,
  ) {}

  /**
   * A program for sources and batches of these sizes.
   *
   * @param kind what the program does: with the sizes, it names the program.
   */
  get<P extends Program>(
    kind: string,
    source: Source,
    batch: number,
    build: (context: ProgramContext) => P,
  ): Promise<Prepared<P>> {
    const { inputType, targetType, isWeighted } = typesOf(source);
    const key = `${kind} ${inputType} ${targetType} ${isWeighted ? "weighted" : ""} ${source.count} ${batch}`;
    let prepared = this.#prepared.get(key);
    if (prepared === undefined) {
      prepared = this.#compile(build(this.#context(source, batch)));
      this.#prepared.set(key, prepared);
      // A program that could not be compiled is forgotten, so that the next call tries again.
      prepared.catch(() => this.#prepared.delete(key));
    }
    return prepared as Promise<Prepared<P>>;
  }

  async #compile<P extends Program>(program: P): Promise<Prepared<P>> {
    const { client, device, xlaOptions } = this.place;
    const executable = await client.compile(program.text, {
      ...(device !== undefined && { device }),
      ...(xlaOptions !== undefined && { xlaOptions }),
    });
    return { program, executable };
  }

  #context(source: Source, batch: number): ProgramContext {
    return {
      trainable: this.trainable,
      source: { ...this.layout, ...typesOf(source), targetForm: this.#formOf(source) },
      count: source.count,
      batch,
      largestBatch: this.largestBatch,
    };
  }

  /**
   * How the loss reads a source's targets. @throws BioflaxError when it does not fit the layout, or the loss does not
   * take them.
   */
  #formOf(source: Source): TargetForm {
    const form = this.#forms.get(source) ?? checkSource(source, this.layout, this.trainable);
    this.#forms.set(source, form);
    return form;
  }

  /**
   * A source on the device, by the names programs give their arguments. @throws BioflaxError when it does not fit the
   * layout.
   */
  source(source: Source): Promise<ReadonlyMap<string, PjrtBuffer>> {
    let buffers = this.#sources.get(source);
    if (buffers === undefined) {
      buffers = this.#upload(source);
      this.#sources.set(source, buffers);
      buffers.catch(() => this.#sources.delete(source));
    }
    return buffers;
  }

  async #upload(source: Source): Promise<ReadonlyMap<string, PjrtBuffer>> {
    this.#formOf(source);
    const { inputShape, targetShape } = this.layout;
    const { inputs, targets, weights, count } = source;
    const targetSize = targetShape.length === 0 ? [] : [sizeOf(targetShape)];
    const buffers = new Map([
      ["inputs", await upload(this.place, inputs, [count, sizeOf(inputShape)])],
      ["targets", await upload(this.place, targets, [count, ...targetSize])],
    ]);
    if (weights !== undefined) buffers.set("weights", await upload(this.place, weights, [count]));
    return buffers;
  }

  /** Frees the programs and the sources. */
  async destroy(): Promise<void> {
    const prepared = await Promise.allSettled(this.#prepared.values());
    for (const one of prepared) if (one.status === "fulfilled") one.value.executable.destroy();
    const sources = await Promise.allSettled(this.#sources.values());
    for (const one of sources)
      if (one.status === "fulfilled") for (const buffer of one.value.values()) buffer.destroy();
    this.#prepared.clear();
    this.#sources.clear();
  }
}
