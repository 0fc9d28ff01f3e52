import { BioflaxError } from "@bioflax/core";
import { type EpochRecord, parseRecord } from "@bioflax/runs";
import { readRunFile } from "./read-run-file";

/**
 * The first epochs of a `metrics.jsonl`.
 *
 * @param path the file; it need not be there when there are none.
 * @param checkpoint how many there are to be, and how many bytes their lines have; what comes after them is not looked
 *   at.
 * @throws BioflaxError when the file does not begin with them.
 */
export async function readRecords(
  path: string,
  { epochs, metricsBytes: bytes }: { readonly epochs: number; readonly metricsBytes: number },
): Promise<EpochRecord[]> {
  if (epochs === 0 && bytes === 0) return [];
  const fail = (problem: string): never => {
    throw new BioflaxError(
      `${path}: expected the ${epochs} epochs that the checkpoint goes on from, in ${bytes} bytes, but ${problem}. ` +
        "Bring the file back as it was, or start the run anew in another folder.",
    );
  };
  const file = (await readRunFile(path)) ?? fail("there is no such file");
  if (file.length < bytes) fail(`it has ${file.length} bytes`);
  const text = file.subarray(0, bytes).toString("utf8");
  const lines = text.split("\n");
  if (lines.pop() !== "" || lines.length !== epochs) fail("they end elsewhere");
  return lines.map(
    (line, index) =>
      parseRecord(line, index + 1) ?? fail(`line ${index + 1} is not epoch ${index + 1}`),
  );
}
