import { createHash } from "node:crypto";
import type { Dataset } from "@bioflax/datasets";

/** What tells one set of data from another: a digest of every input and target of it. */
export function fingerprintOf({ train, validation, test }: Dataset): string {
  const hash = createHash("sha256");
  const stores = new Set(
    [train, ...(validation ? [validation] : []), test].map(({ examples }) => examples),
  );
  for (const { inputs, targets } of stores)
    for (const { buffer, byteOffset, byteLength } of [inputs, targets])
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest("hex");
}
