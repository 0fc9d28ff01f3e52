import { describe, expect, test } from "@jest/globals";
import { panelsInHash, panelsOf } from "../src/settings/panels";
import { areLive, defaults, fromHash, type Settings, toHash } from "../src/settings/settings";

describe("settings in an address", () => {
  const settings: Settings = {
    rules: ["kp", "drtp"],
    data: "digits",
    classes: 4,
    model: "mlp",
    hidden: [8, 4, 2],
    activations: ["relu", "tanh", "relu"],
    layerRules: ["same", "dfa", "bp", "same"],
    optimizer: "adam",
    learningRate: 0.002,
    weightDecay: 1e-5,
    batchSize: 7,
    feedbackScale: 0.5,
    seed: 2 ** 31 - 1,
  };

  test("are read back as they were", () => {
    expect(fromHash(toHash(settings))).toEqual(settings);
    const none = { ...settings, hidden: [], activations: [], layerRules: ["same"] };
    expect(fromHash(toHash(none))).toEqual(none);
    expect(fromHash(toHash({ ...settings, model: "lenet5" })).model).toBe("lenet5");
    expect(fromHash(toHash(defaults))).toEqual(defaults);
  });

  test("are easily read", () => {
    expect(toHash(settings)).toBe(
      "#rules=kp,drtp&data=digits&classes=4&model=mlp&hidden=8,4,2&activations=relu,tanh,relu" +
        "&layerRules=same,dfa,bp,same&optimizer=adam&learningRate=0.002&weightDecay=0.00001" +
        "&batchSize=7&feedbackScale=0.5&seed=2147483647",
    );
  });

  test.each([
    ["nothing", "", {}],
    ["some", "#seed=5&data=blobs", { seed: 5, data: "blobs" }],
    ["an unknown rule", "#rules=bp,nobody", {}],
    ["a rule twice", "#rules=bp,bp", {}],
    ["five rules", "#rules=bp,fa,kp,wm,usf", {}],
    ["no rule", "#rules=", {}],
    ["files, which a page has none of", "#data=cifar-10", {}],
    ["a number that is none", "#seed=&batchSize=x&learningRate=NaN&classes=2.5", {}],
    ["numbers out of range", "#seed=-1&batchSize=0&learningRate=11&hidden=129", {}],
    ["units that are no list", "#hidden=3;4", {}],
    ["too many layers", "#hidden=1,2,3,4,5", {}],
    ["an unknown activation", "#activations=tanh,nobody", {}],
    ["an unknown rule of a layer", "#layerRules=nobody", {}],
    ["what no setting is", "#toString=1&colour=red", {}],
    ["convolutions over points", "#model=lenet5", {}],
  ])("that have %s: the rest is as by default", (_what, hash, part) => {
    expect(fromHash(hash)).toEqual({ ...defaults, ...part });
  });

  test("go together: an activation for each hidden layer, a rule for each layer", () => {
    expect(fromHash("#hidden=5,6,7&activations=relu")).toMatchObject({
      activations: ["relu", "relu", "relu"],
      layerRules: ["same", "same", "same", "same"],
    });
    expect(fromHash("#hidden=5&layerRules=dfa,bp,fa,fa")).toMatchObject({
      activations: ["tanh"],
      layerRules: ["dfa", "bp"],
    });
  });
});

test("the rate and the decay are live, and nothing else is", () => {
  expect(areLive(defaults, { ...defaults, learningRate: 1, weightDecay: 0.01 })).toBe(true);
  const others: Partial<Settings>[] = [
    { rules: ["bp"] },
    { data: "blobs" },
    { hidden: [24, 15] },
    { layerRules: ["same", "same", "bp"] },
    { optimizer: "adam" },
    { batchSize: 31 },
    { feedbackScale: 2 },
    { seed: 2 },
  ];
  for (const other of others)
    expect(areLive(defaults, { ...defaults, learningRate: 1, ...other })).toBe(false);
});

test("what is shown stands in the address, in the page's order", () => {
  expect(panelsOf("#seed=1")).toEqual(["answers", "angles", "weights"]);
  expect(panelsOf(`#${panelsInHash(["units", "way"])}`)).toEqual(["way", "units"]);
  expect(panelsOf("#show=")).toEqual([]);
  expect(panelsOf("#show=nothing,spread")).toEqual(["spread"]);
});
