/** One record of CIFAR-10's binary version: the label, then the planes of red, green and blue. */
export function record(
  label: number,
  pixel: (channel: number, row: number, column: number) => number,
) {
  const bytes = new Uint8Array(3073);
  bytes[0] = label;
  let at = 1;
  for (let channel = 0; channel < 3; channel++)
    for (let row = 0; row < 32; row++)
      for (let column = 0; column < 32; column++) bytes[at++] = pixel(channel, row, column);
  return bytes;
}

/** The six files of a small CIFAR-10, each image of one colour that says which file and which image of it this is. */
export function smallCifar10(images = 2): Record<string, Uint8Array> {
  const names = [...[1, 2, 3, 4, 5].map((i) => `data_batch_${i}.bin`), "test_batch.bin"];
  return Object.fromEntries(
    names.map((name, file) => {
      const records = Array.from({ length: images }, (_, image) =>
        record((file + image) % 10, (channel) => 40 * file + 10 * image + channel),
      );
      return [name, new Uint8Array(Buffer.concat(records))];
    }),
  );
}
