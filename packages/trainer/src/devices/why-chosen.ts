/**
 * Why `auto` takes a device, in half a sentence.
 *
 * @param passed the devices that would be faster, and are not there.
 */
export const whyChosen = (passed: readonly string[]): string =>
  passed.length === 0 ? "it is there" : `no ${passed.join(", no ")} here`;
