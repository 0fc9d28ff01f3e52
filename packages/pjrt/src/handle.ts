/**
 * A native object, which is destroyed once: when it was closed, no call uses it any more, and all that was made of it
 * is gone.
 *
 * Nothing here refers to the JavaScript object that people hold, so that one can be collected, and closes its handle
 * then.
 */
export class Handle {
  readonly #children = new Set<Handle>();
  #users = 0;
  #isClosed = false;
  #isDestroyed = false;

  constructor(
    /** What it is, in messages. */
    private readonly what: string,
    private readonly native: bigint,
    private readonly destroy: (native: bigint) => void,
    private readonly parent?: Handle,
  ) {
    if (parent === undefined) return;
    parent.#children.add(this);
    // Made by a call that ran when its parent was closed.
    if (parent.#isClosed) this.close();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The native object. @throws Error once it was closed. */
  get pointer(): bigint {
    if (this.#isClosed) throw new Error(`This ${this.what} was destroyed and cannot be used.`);
    return this.native;
  }

  /**
   * Keeps objects from being destroyed while work that uses them goes on. @throws Error when one of them was closed.
   */
  static async using<R>(handles: readonly Handle[], work: () => Promise<R>): Promise<R> {
    for (const handle of handles) handle.pointer;
    for (const handle of handles) handle.#users++;
    try {
      return await work();
    } finally {
      for (const handle of handles) {
        handle.#users--;
        handle.#destroyIfUnused();
      }
    }
  }

  /**
   * Destroys it and what was made of it, at once or when the last call that uses it ends. A second time does nothing.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const child of [...this.#children]) child.close();
    this.#destroyIfUnused();
  }

  #destroyIfUnused(): void {
    if (!this.#isClosed || this.#isDestroyed || this.#users > 0 || this.#children.size > 0) return;
    this.#isDestroyed = true;
    this.destroy(this.native);
    if (this.parent === undefined) return;
    this.parent.#children.delete(this);
    this.parent.#destroyIfUnused();
  }
}

const collected = new FinalizationRegistry<Handle>((handle) => handle.close());

/** Closes a handle when an object that refers to it, and that all who use it refer to, is collected. */
export function closeWithOwner(owner: object, handle: Handle): void {
  collected.register(owner, handle);
}
