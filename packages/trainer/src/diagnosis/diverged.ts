import { BioflaxError, createNetwork } from "@bioflax/core";
import { diagnose, type Trouble } from "./diagnose";
import { describeFinding } from "./finding";
import { CALMER } from "./unmeant";

const ADVICE = `${CALMER}; --on-nan continue goes on all the same.`;

/** Training whose loss is no longer finite: as much a result as any other, for it comes to the same again. */
export class DivergedError extends BioflaxError {
  override name = "DivergedError";
}

/**
 * The error of a run whose loss is no longer finite: what it is and where, the layer in which it began, what there is,
 * and what to try.
 *
 * @param what the loss, its value, and when.
 * @param kept what there is to go back to, as a sentence; nothing when there is nothing.
 */
export async function diverged(
  what: string,
  kept: string,
  trouble: Trouble,
): Promise<DivergedError> {
  return new DivergedError(
    [`Training diverged: ${what}.`, await originOf(trouble), kept, ADVICE]
      .filter((text) => text !== "")
      .join(" "),
  );
}

/** Where it began, as a sentence. */
async function originOf(trouble: Trouble): Promise<string> {
  try {
    const finding = await diagnose(trouble);
    return finding === undefined
      ? "No layer is to blame: taken apart, all values of the step are finite."
      : describeFinding(createNetwork(trouble.setup.spec), finding);
  } catch {
    // What happened is that the run has diverged; a search that fails is not worth another error.
    return "";
  }
}
