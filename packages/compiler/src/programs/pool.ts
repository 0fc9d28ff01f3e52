/** What takes long to make, by name: each is made when it is first needed. */
export class Pool<Made> {
  readonly #made = new Map<string, Promise<Made>>();

  /** The one of a name. @param make is called the first time. */
  get(name: string, make: () => Promise<Made>): Promise<Made> {
    let made = this.#made.get(name);
    if (made === undefined) {
      made = make();
      this.#made.set(name, made);
      // What could not be made is forgotten, so that the next call tries again.
      made.catch(() => this.#made.delete(name));
    }
    return made;
  }

  /** Frees what was made. @param goes says by its name whether it is to go; everything is when left out. */
  async release(
    free: (made: Made) => void | Promise<void>,
    goes: (name: string) => boolean = () => true,
  ): Promise<void> {
    const going = [...this.#made].filter(([name]) => goes(name));
    for (const [name] of going) this.#made.delete(name);
    const all = await Promise.allSettled(going.map(([, made]) => made));
    for (const one of all) if (one.status === "fulfilled") await free(one.value);
  }
}
