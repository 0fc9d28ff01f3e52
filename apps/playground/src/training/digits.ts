import { type Dataset, npzDataset, parseNpy } from "@bioflax/datasets";
import { unzipSync } from "fflate";

let loading: Promise<Dataset> | undefined;

async function load(url: string): Promise<Dataset> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The digits could not be loaded: ${response.status} ${url}`);
  const files = unzipSync(new Uint8Array(await response.arrayBuffer()));
  const arrays = Object.entries(files).map(
    ([name, bytes]) => [name.replace(/\.npy$/, ""), parseNpy(bytes, name)] as const,
  );
  // All that is not to test with is to learn from.
  return npzDataset("digits.npz", { arrays: new Map(arrays) }, { name: "npz" }, { valSplit: 0 });
}

/** The digits beside the page: loaded when they are first asked for. */
export function loadDigits(url: string): Promise<Dataset> {
  loading ??= load(url).catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
