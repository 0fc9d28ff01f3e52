import { describe, expect, test } from "@jest/globals";
import { defaults, fromHash, parseHidden, type Settings, toHash } from "../src/settings/settings";

describe("settings in an address", () => {
  const settings: Settings = {
    rules: ["kp", "drtp"],
    data: "teacher",
    classes: 4,
    hidden: [8, 4, 2],
    activation: "relu",
    optimizer: "adam",
    learningRate: 0.002,
    weightDecay: 1e-5,
    batchSize: 7,
    seed: 2 ** 31 - 1,
  };

  test("are read back as they were", () => {
    expect(fromHash(toHash(settings))).toEqual(settings);
    expect(fromHash(toHash({ ...settings, hidden: [] })).hidden).toEqual([]);
    expect(fromHash(toHash(defaults))).toEqual(defaults);
  });

  test("are easily read", () => {
    expect(toHash(settings)).toBe(
      "#rules=kp,drtp&data=teacher&classes=4&hidden=8,4,2&activation=relu&optimizer=adam" +
        "&learningRate=0.002&weightDecay=0.00001&batchSize=7&seed=2147483647",
    );
  });

  test.each([
    ["nothing", "", {}],
    ["some", "#seed=5&data=blobs", { seed: 5, data: "blobs" }],
    ["an unknown rule", "#rules=bp,nobody", {}],
    ["a rule twice", "#rules=bp,bp", {}],
    ["five rules", "#rules=bp,fa,kp,wm,usf", {}],
    ["no rule", "#rules=", {}],
    ["files, which a page has none of", "#data=mnist", {}],
    ["a number that is none", "#seed=&batchSize=x&learningRate=NaN&classes=2.5", {}],
    ["numbers out of range", "#seed=-1&batchSize=0&learningRate=11&hidden=65", {}],
    ["what no setting is", "#toString=1&colour=red", {}],
  ])("that have %s: the rest is as by default", (_what, hash, part) => {
    expect(fromHash(hash)).toEqual({ ...defaults, ...part });
  });
});

test("units are a list of up to four whole numbers", () => {
  expect(parseHidden(" 3,4 , 5")).toEqual([3, 4, 5]);
  for (const wrong of ["3,", "3;4", "0", "1.5", "1,2,3,4,5"])
    expect(parseHidden(wrong)).toBeUndefined();
});
