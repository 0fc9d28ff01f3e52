import { type Dataset, npzDataset, parseNpy } from "@bioflax/datasets";
import { unzipSync } from "fflate";

/** What is there of a file once it has been asked for; nothing of it where that failed, so that it is asked for again. */
function once<Value>(load: (url: string) => Promise<Value>): (url: string) => Promise<Value> {
  let loading: Promise<Value> | undefined;
  return (url) => {
    loading ??= load(url).catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/** The file of digits beside the page, as it is. */
export const fetchDigits = once(async (url): Promise<Uint8Array> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`The digits could not be loaded: ${response.status} ${url}`);
  return new Uint8Array(await response.arrayBuffer());
});

/** The digits beside the page: loaded when they are first asked for. */
export const loadDigits = once(async (url): Promise<Dataset> => {
  const files = unzipSync(await fetchDigits(url));
  const arrays = Object.entries(files).map(
    ([name, bytes]) => [name.replace(/\.npy$/, ""), parseNpy(bytes, name)] as const,
  );
  // All that is not to test with is to learn from.
  return npzDataset("digits.npz", { arrays: new Map(arrays) }, { name: "npz" }, { valSplit: 0 });
});
