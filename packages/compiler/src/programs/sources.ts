import type { TargetForm } from "@bioflax/core";
import type { DeviceMemory } from "../runtime/device-memory";
import { checkSource } from "./checks";
import type { ProgramContext } from "./program-context";
import { type Source, type SourceLayout, sourceArrays, typesOf } from "./source";

/** What the sources of one network have in common. */
interface SourcesSetup {
  readonly layout: SourceLayout;
  /** Examples in the largest batch there is. */
  readonly batchSize: number;
}

/**
 * The sources that a network's programs read: what is known of them, and their arrays where those stay. What is brought
 * there goes with its source, when that is collected.
 */
export class Sources<DeviceBuffer> {
  readonly #forms = new WeakMap<Source, TargetForm>();
  readonly #buffers = new WeakMap<Source, Promise<Record<string, DeviceBuffer>>>();
  #brought: WeakRef<Source>[] = [];
  readonly #collected = new FinalizationRegistry<Record<string, DeviceBuffer>>((buffers) =>
    this.#free(buffers),
  );

  constructor(
    private readonly networks: Pick<ProgramContext, "trainable" | "replicas" | "following">,
    private readonly memory: DeviceMemory<DeviceBuffer>,
    private readonly setup: SourcesSetup,
  ) {}

  /**
   * What programs for a source and batches of a size are made from.
   *
   * @throws BioflaxError when it does not fit the layout, or the loss does not take its targets.
   */
  context(source: Source, batch: number): ProgramContext {
    const { layout, batchSize } = this.setup;
    return {
      ...this.networks,
      source: { ...layout, ...typesOf(source), targetForm: this.#formOf(source) },
      count: source.count,
      batch,
      largestBatch: batchSize,
    };
  }

  #formOf(source: Source): TargetForm {
    const form =
      this.#forms.get(source) ?? checkSource(source, this.setup.layout, this.networks.trainable);
    this.#forms.set(source, form);
    return form;
  }

  /**
   * A source's arrays where they stay, by the names programs give their inputs.
   *
   * @throws BioflaxError when it does not fit the layout, or the loss does not take its targets.
   */
  feeds(source: Source): Promise<Record<string, DeviceBuffer>> {
    let buffers = this.#buffers.get(source);
    if (buffers === undefined) {
      buffers = this.#bring(source);
      this.#buffers.set(source, buffers);
      this.#brought = this.#brought.filter((reference) => reference.deref() !== undefined);
      this.#brought.push(new WeakRef(source));
      buffers.catch(() => this.#buffers.delete(source));
    }
    return buffers;
  }

  async #bring(source: Source): Promise<Record<string, DeviceBuffer>> {
    this.#formOf(source);
    const buffers: Record<string, DeviceBuffer> = {};
    for (const [name, array] of Object.entries(sourceArrays(source, this.setup.layout)))
      buffers[name] = await this.memory.upload(array);
    if (this.memory.isDevice) this.#collected.register(source, buffers, this);
    return buffers;
  }

  #free(buffers: Record<string, DeviceBuffer>): void {
    for (const buffer of Object.values(buffers)) this.memory.free(buffer);
  }

  /** Frees what was brought; what has stayed in memory is whoever's it was. */
  async dispose(): Promise<void> {
    if (!this.memory.isDevice) return;
    this.#collected.unregister(this);
    for (const reference of this.#brought) {
      const source = reference.deref();
      const buffers = source && (await this.#buffers.get(source)?.catch(() => undefined));
      if (buffers !== undefined) this.#free(buffers);
    }
    this.#brought = [];
  }
}
