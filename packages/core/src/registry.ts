import { withNamedErrors } from "./definition-error";
import { BioflaxError, didYouMean, printableName } from "./errors";
import { showValue } from "./show-value";

/** What every definition says of itself. */
export interface Definition {
  /** What it is called in specs, configs and files, and on the command line. */
  readonly name: string;
  /** Other names it goes by where it is asked for; what is saved has its `name`. */
  readonly aliases?: readonly string[];
}

/** One of some names, or that of a definition that has been added: editors suggest those that are known. */
export type OpenName<Name extends string> = Name | (string & Record<never, never>);

/** The types of what a definition cannot do without, as `typeof` has them; `list` for arrays. */
export type Needs = Readonly<
  Record<string, "string" | "function" | "object" | "boolean" | "list" | "number">
>;

/** What a registry is made of. */
export interface RegistryOptions<BuiltIns> {
  /** What it holds, as a person would say it: "rule". */
  readonly kind: string;
  /** How errors call the registry: `rules of @bioflax/core`. */
  readonly where: { readonly name: string; readonly of: string };
  /** The definitions that come with the package, by name, in the order lists have them in. */
  readonly builtIns: BuiltIns;
  /** What a definition must have beside its name. */
  readonly needs: Needs;
  /** What else is looked at of one that is added, by registries that know what it is to return. */
  readonly check?: (definition: never) => void;
}

/** A name that can stand in files, flags and messages. */
const NAME = /^[A-Za-z][\w.-]*$/;

const isOfType = (value: unknown, type: Needs[string]) =>
  type === "list"
    ? Array.isArray(value)
    : typeof value === type && value !== null && !Array.isArray(value);

/**
 * The definitions of one kind, by name: those that come with a package, and those that its users add.
 *
 * @typeParam D what a definition is.
 * @typeParam BuiltIns the definitions that come with the package, by name.
 * @example
 * rules.add({ ...fa, name: "half", transport: (ops, context) => ops.mul(feedbackOf(context), 0.5) });
 * rules.get("half").title; // Feedback alignment
 */
export class Registry<D extends Definition, BuiltIns extends Readonly<Record<string, D>>>
  implements Iterable<D>
{
  readonly kind: string;
  readonly #where: RegistryOptions<BuiltIns>["where"];
  readonly #builtIns: BuiltIns;
  readonly #needs: Needs;
  readonly #checkMore: RegistryOptions<BuiltIns>["check"];
  readonly #added: Map<string, D>;
  /** What is added, as it is called: with errors that say whose they are. */
  readonly #named = new WeakMap<D, D>();

  constructor({ kind, where, builtIns, needs, check }: RegistryOptions<BuiltIns>) {
    this.kind = kind;
    this.#where = where;
    this.#builtIns = builtIns;
    this.#needs = needs;
    this.#checkMore = check;
    this.#added = addedTo(`${where.of}/${where.name}`);
  }

  /**
   * The definition of a name or alias. What functions of an added one throw is a {@link DefinitionError}, which says whose
   * it is.
   *
   * @throws BioflaxError for an unknown one, naming the nearest, all there are, and where one's own is added.
   */
  get<Name extends keyof BuiltIns & string>(name: Name): BuiltIns[Name];
  get(name: string): D;
  get(name: string): D {
    const found = this.#find(name);
    if (found !== undefined) return this.#withNamedErrors(found);
    // A name may come from a file, and be anything.
    const isText = typeof name === "string";
    const shown = isText ? `"${printableName(name)}"` : typeof name;
    const { name: registry, of } = this.#where;
    throw new BioflaxError(
      `Unknown ${this.kind} ${shown}.${isText ? didYouMean(name, this.names()) : ""} Known: ${this.names().join(", ")}. ` +
        `One of your own has to be added before it is asked for by name: ${registry}.add(…), of ${of}.`,
    );
  }

  /** Whether there is a definition of a name or alias. */
  has(name: string): boolean {
    return this.#find(name) !== undefined;
  }

  /** Whether a name is that of a definition that comes with the package. */
  isBuiltIn(name: string): name is keyof BuiltIns & string {
    return Object.hasOwn(this.#builtIns, name);
  }

  /** The names of all definitions: those that come with the package, then the added ones in their order. */
  names(): OpenName<keyof BuiltIns & string>[] {
    return [...Object.keys(this.#builtIns), ...this.#added.keys()];
  }

  /**
   * Adds a definition of one's own. Adding the same one again changes nothing.
   *
   * @returns the definition.
   * @throws BioflaxError for a definition without something it needs, naming that, or with a name that another has.
   */
  add<Own extends D>(definition: Own): Own {
    this.#check(definition);
    for (const name of [definition.name, ...(definition.aliases ?? [])]) {
      const taken = this.#find(name);
      if (taken !== undefined && taken !== definition && this.#named.get(taken) !== definition)
        throw new BioflaxError(
          `${sentenceCase(this.kind)} "${definition.name}": expected a name that no other ${this.kind} has, received "${name}", ` +
            `which is taken. Known: ${this.names().join(", ")}. Give it another name.`,
        );
    }
    if (this.#find(definition.name) === undefined) {
      this.#checkMore?.(this.#withNamedErrors(definition) as never);
      this.#added.set(definition.name, definition);
    }
    return definition;
  }

  /** Takes an added definition away again, for tests and reloading. @returns whether there was one. */
  remove(name: string): boolean {
    return this.#added.delete(name);
  }

  /**
   * The name of what is given by name, which is not looked up here, or as a definition, which is added.
   *
   * @throws BioflaxError for a definition that {@link add} refuses.
   */
  nameOf<Name extends string>(given: Name | D): Name | string {
    return typeof given === "object" && given !== null ? this.add(given).name : given;
  }

  /** All definitions, in the order of {@link names}. */
  [Symbol.iterator](): Iterator<D> {
    const added = [...this.#added.values()].map((own) => this.#withNamedErrors(own));
    return [...Object.values<D>(this.#builtIns), ...added][Symbol.iterator]();
  }

  #withNamedErrors(definition: D): D {
    if (this.#builtIns[definition.name] === definition) return definition;
    // A layer type is called a layer where it is at work.
    const who = `${sentenceCase(this.kind.replace(" type", ""))} "${definition.name}"`;
    const named = this.#named.get(definition) ?? withNamedErrors(who, definition);
    this.#named.set(definition, named);
    return named;
  }

  #find(name: string): D | undefined {
    if (typeof name !== "string") return undefined;
    if (Object.hasOwn(this.#builtIns, name)) return this.#builtIns[name];
    return this.#added.get(name) ?? [...this].find(({ aliases }) => aliases?.includes(name));
  }

  #check(definition: unknown): void {
    const { name } = (definition ?? {}) as Partial<Definition>;
    if (typeof name !== "string" || !NAME.test(name))
      throw new BioflaxError(
        `${sentenceCase(this.kind)}: expected a definition with a name of letters, digits, "-", "_" and ".", such as "mine", ` +
          `received ${typeof definition === "object" && definition !== null ? `the name ${typeof name === "string" ? showValue(name) : typeof name}` : typeof definition}.`,
      );
    for (const [key, type] of Object.entries(this.#needs)) {
      const value = (definition as Record<string, unknown>)[key];
      if (!isOfType(value, type))
        throw new BioflaxError(
          `${sentenceCase(this.kind)} "${name}": expected its definition to have "${key}", a ${type}, received ` +
            `${value === undefined ? "none" : showValue(value)}.`,
        );
    }
  }
}

const sentenceCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Where the definitions are kept that are added to a registry: a process may have a package twice, as a module and as
 * CommonJS, and what is added to the one is there in the other.
 */
function addedTo<D>(registry: string): Map<string, D> {
  const key = Symbol.for(`${registry}/added`);
  const shared = globalThis as { [key]?: Map<string, D> };
  shared[key] ??= new Map();
  return shared[key];
}

/** A registry of definitions: see {@link Registry}. */
export function createRegistry<D extends Definition, BuiltIns extends Readonly<Record<string, D>>>(
  options: RegistryOptions<BuiltIns>,
): Registry<D, BuiltIns> {
  return new Registry(options);
}
