import { BioflaxError } from "./errors";
import { sentence, showValue } from "./show-value";

/** What the code of a definition of one's own threw, as its `cause`, under the definition's kind and name. */
export class DefinitionError extends BioflaxError {
  override name = "DefinitionError";
}

/** A definition, or what it has made, as far as it is looked at here. */
type Members = Readonly<Record<string, unknown>>;

/** Puts before an error whose it is; one that says so itself, or that stops what was to be stopped, stays as it is. */
function told(who: string, what: string, error: unknown, [options]: readonly unknown[]): unknown {
  const isOurs = error instanceof BioflaxError;
  if (
    error instanceof DefinitionError ||
    (isOurs && error.message.startsWith(who)) ||
    (options as { signal?: AbortSignal } | undefined)?.signal?.reason === error
  )
    return error;
  const words = isOurs
    ? error.message
    : sentence(error instanceof Error ? error.message : showValue(error));
  return new DefinitionError(`${who}: ${what}${words}`, { cause: error });
}

/**
 * A definition of one's own, or what it has made, whose functions' errors say whose they are, and of which function: in
 * the middle of a step, "x is not defined" tells nobody where to look. Of an instance of a class they stay as they are.
 *
 * @param who whose: `Rule "mine"`.
 * @param what which of its functions: `transport: `.
 * @param self what a function is called on.
 * @param makes whether what a function returns is code of the definition's, too: an optimizer, a layer, a smoothed loss.
 */
export function withNamedErrors<V>(
  who: string,
  value: V,
  what = "",
  self?: unknown,
  makes = true,
): V {
  if (typeof value === "function")
    return ((...given: unknown[]): unknown => {
      const rethrow = (error: unknown): never => {
        throw told(who, what, error, given);
      };
      try {
        const result: unknown = value.apply(self, given);
        if (result instanceof Promise) return result.catch(rethrow);
        return makes ? withNamedErrors(who, result) : result;
      } catch (error) {
        return rethrow(error);
      }
    }) as V;
  if (Object.getPrototypeOf(value ?? 0) !== Object.prototype) return value;
  const entries = Object.entries(value as Members);
  if (entries.every(([, own]) => typeof own !== "function")) return value;
  return Object.fromEntries(
    entries.map(([key, own]) => [
      key,
      typeof own === "function"
        ? withNamedErrors(who, own, `${key}: `, value, key === "create" || key === "smoothed")
        : own,
    ]),
  ) as V;
}
