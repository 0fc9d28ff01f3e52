import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { smallFiles } from "../../test/small-sets";
import { tarBytes, tarMember } from "../../test/tar-bytes";
import { writeFolder } from "../../test/write-folder";
import { cifar100Places, loadCifar100 } from "./cifar-100";

const scratch = scratchFolder();
const files = smallFiles("cifar-100") as { "train.bin": Uint8Array; "test.bin": Uint8Array };

/** The archive as it is published, with the names of the classes beside. */
const archive = gzipSync(
  tarBytes(
    tarMember("cifar-100-binary/", new Uint8Array(), { type: "5" }),
    tarMember("cifar-100-binary/fine_label_names.txt", new TextEncoder().encode("apple\n")),
    tarMember("cifar-100-binary/train.bin", files["train.bin"]),
    tarMember("cifar-100-binary/test.bin", files["test.bin"]),
  ),
);

describe("CIFAR-100", () => {
  test.each<[string, () => string]>([
    ["a folder with the files", () => writeFolder(scratch(), files)],
    [
      "a folder with their folder",
      () => join(writeFolder(join(scratch(), "cifar-100-binary"), files), ".."),
    ],
    [
      "a folder with the archive",
      () => writeFolder(scratch(), { "cifar-100-binary.tar.gz": archive }),
    ],
    ["the archive", () => join(writeFolder(scratch(), { "any.tgz": archive }), "any.tgz")],
  ])("fine and coarse labels are read from %s", async (_, place) => {
    const directory = place();
    const fine = await loadCifar100({ directory, valSplit: 0 });
    const coarse = await loadCifar100({ directory, valSplit: 0, labels: "coarse" });
    expect(fine).toMatchObject({ name: "cifar-100", imageShape: [32, 32, 3], outputs: 100 });
    expect(coarse).toMatchObject({ name: "cifar-100-coarse", outputs: 20 });
    expect(fine.train.examples.targets.slice(0, 4)).toEqual(Int32Array.of(0, 7, 14, 21));
    expect(coarse.train.examples.targets.slice(0, 4)).toEqual(Int32Array.of(0, 1, 2, 4));
    expect(coarse.train.examples.inputs).toEqual(fine.train.examples.inputs);
    // The pixel that is lit is so in all three channels.
    expect([...fine.train.examples.inputs.subarray(3072 + 20, 3072 + 25)]).toEqual([
      0, 255, 255, 255, 0,
    ]);
    expect(fine.test.indices).toHaveLength(20);
    expect([0, 39, 99].map((label) => fine.classNames?.[label])).toEqual([
      "apple",
      "keyboard",
      "worm",
    ]);
    expect([0, 19].map((label) => coarse.classNames?.[label])).toEqual([
      "aquatic mammals",
      "vehicles 2",
    ]);
  });

  test.each<[string, Readonly<Record<string, Uint8Array>>, RegExp]>([
    [
      "CIFAR-10's records",
      { ...files, "train.bin": new Uint8Array(3073 * 2) },
      /train\.bin: expected records of 3074 bytes, a coarse label, a fine label and 32 × 32 pixels in three colours, received 6146 bytes/,
    ],
    [
      "labels that are none",
      { ...files, "test.bin": new Uint8Array(3074).fill(100, 1, 2) },
      /test\.bin: expected labels from 0 to 99, received 100 for example 0\. Use the binary version of CIFAR-100\./,
    ],
    [
      "a folder without one",
      { "train.bin": files["train.bin"] },
      /expected test\.bin, received train\.bin\. Use/,
    ],
    [
      "a folder without any",
      {},
      /expected train\.bin, test\.bin, or cifar-100-binary or cifar-100-binary\.tar\.gz with them, received nothing\./,
    ],
  ])("refuses %s", async (_, some, message) => {
    const directory = writeFolder(scratch(), some);
    await expect(loadCifar100({ directory })).rejects.toMatchObject({
      name: "BioflaxError",
      message: expect.stringMatching(message),
    });
  });

  test("comes from Toronto", () => {
    const { baseUrl, archive: file } = cifar100Places();
    expect(baseUrl + file.name).toBe("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz");
  });
});
