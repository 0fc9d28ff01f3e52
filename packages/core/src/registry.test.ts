import { afterEach, describe, expect, test } from "@jest/globals";
import {
  activations,
  BioflaxError,
  createNetwork,
  createRegistry,
  createTrainable,
  type Definition,
  defineOptimizer,
  initializers,
  layers,
  losses,
  models,
  optimizers,
  rules,
  schedules,
} from "./index";

interface Word extends Definition {
  readonly text: string;
}

const first: Word = { name: "first", text: "one", aliases: ["erste"] };
const second: Word = { name: "second", text: "two" };
let count = 0;
/** A registry of its own for each test: what is added to one of a name is there in all of that name. */
const words = () =>
  createRegistry<Word, { readonly first: Word; readonly second: Word }>({
    kind: "word",
    where: { name: "words", of: `test-${count++}` },
    builtIns: { first, second },
    needs: { text: "string" },
  });

describe("a registry", () => {
  test("finds definitions by name and alias, in order", () => {
    const registry = words();
    expect(registry.get("second")).toBe(second);
    expect(registry.get("erste")).toBe(first);
    expect([registry.has("first"), registry.has("erste"), registry.has("third")]).toEqual([
      true,
      true,
      false,
    ]);
    const third = registry.add({ name: "third", text: "three" });
    expect(registry.names()).toEqual(["first", "second", "third"]);
    expect([...registry]).toEqual([first, second, third]);
  });

  test("takes the same definition twice, and by what is given in place of a name", () => {
    const registry = words();
    const third: Word = { name: "third", text: "three" };
    expect(registry.nameOf(third)).toBe("third");
    expect(registry.add(third)).toBe(third);
    expect(registry.add(first)).toBe(first);
    expect(registry.names()).toHaveLength(3);
    expect(registry.nameOf("anything")).toBe("anything");
    expect([registry.remove("third"), registry.remove("first"), registry.names()]).toEqual([
      true,
      false,
      ["first", "second"],
    ]);
  });

  test("a package that is there twice has one set of added definitions", () => {
    const where = { name: "words", of: "twice" };
    const make = () =>
      createRegistry<Word, Record<never, never>>({ kind: "word", where, builtIns: {}, needs: {} });
    const third = make().add({ name: "third", text: "three" });
    expect(make().get("third")).toBe(third);
  });

  test.each<[string, unknown, string]>([
    [
      "another definition under a taken name",
      { ...second, text: "zwei" },
      'Word "second": expected a name that no other word has, received "second", which is taken. Known: first, second. Give it another name.',
    ],
    ["under a taken alias", { name: "erste", text: "x" }, 'received "erste", which is taken'],
    [
      "with a taken alias",
      { name: "x", aliases: ["first"], text: "x" },
      'Word "x": expected a name that no other word has, received "first"',
    ],
    [
      "without what it needs",
      { name: "x" },
      'Word "x": expected its definition to have "text", a string, received none.',
    ],
    ["with something else", { name: "x", text: 3 }, '"text", a string, received 3.'],
    [
      "without a name",
      { text: "x" },
      'Word: expected a definition with a name of letters, digits, "-", "_" and ".", such as "mine", received the name undefined.',
    ],
    ["whose name no file can have", { name: "a/b", text: "x" }, 'received the name "a/b".'],
    ["that is none", "x", "received string."],
  ])("refuses a definition %s", (_what, definition, text) => {
    const registry = words();
    expect(() => registry.add(definition as Word)).toThrow(BioflaxError);
    expect(() => registry.add(definition as Word)).toThrow(text);
    expect(registry.names()).toEqual(["first", "second"]);
  });

  test("says of an unknown name which is near, which there are, and where one's own is added", () => {
    const registry = createRegistry<Word, { readonly first: Word }>({
      kind: "word",
      where: { name: "words", of: "@bioflax/words" },
      builtIns: { first },
      needs: {},
    });
    expect(() => registry.get("frist")).toThrow(
      new BioflaxError(
        'Unknown word "frist". Did you mean "first"? Known: first. One of your own has to be added before it is asked for by name: ' +
          "words.add(…), of @bioflax/words.",
      ),
    );
    expect(() => registry.get({} as string)).toThrow("Unknown word object. Known: first.");
  });
});

const registries = {
  activations,
  initializers,
  layers,
  losses,
  models,
  optimizers,
  rules,
  schedules,
};

describe.each(Object.entries(registries))("%s", (_name, registry) => {
  test("has every definition under the name it says", () => {
    for (const name of registry.names()) expect(registry.get(name).name).toBe(name);
  });

  test("takes each of its own definitions under another name", () => {
    for (const definition of [...registry]) {
      const copy = { ...definition, name: "another", aliases: [] };
      expect((registry.add as (own: object) => object).call(registry, copy)).toBe(copy);
      registry.remove("another");
    }
  });
});

describe("definitions in place of names", () => {
  const mine = {
    rule: { ...rules.get("fa"), name: "mine" },
    activation: { ...activations.get("tanh"), name: "mine" },
    initializer: { ...initializers.get("uniform"), name: "mine" },
    loss: { ...losses.get("meanSquaredError"), name: "mine" },
    schedule: { ...schedules.get("constant"), name: "mine" },
    optimizer: defineOptimizer({ ...optimizers.get("sgd"), name: "mine" }),
    layer: { ...layers.get("dropout"), name: "mine" },
  };
  const all = [rules, activations, initializers, losses, schedules, optimizers, layers];
  afterEach(() => {
    for (const registry of all) registry.remove("mine");
  });

  test("are added, and the spec keeps their names", () => {
    const { spec } = createNetwork({
      inputShape: [3],
      rule: mine.rule,
      layers: [
        {
          type: "dense",
          units: 4,
          activation: mine.activation,
          rule: mine.rule,
          kernelInitializer: { name: mine.initializer, scale: 0.1 },
          biasInitializer: mine.initializer,
        },
        { type: mine.layer, rate: 0.5 },
        { type: "dense", units: 2 },
      ],
    });
    expect(spec).toEqual({
      inputShape: [3],
      rule: "mine",
      layers: [
        {
          type: "dense",
          units: 4,
          activation: "mine",
          rule: "mine",
          kernelInitializer: { name: "mine", scale: 0.1 },
          biasInitializer: "mine",
        },
        { type: "mine", rate: 0.5 },
        { type: "dense", units: 2 },
      ],
    });
    expect(createNetwork(JSON.parse(JSON.stringify(spec))).rules[0]).toBe(rules.get("mine"));
    const trainable = createTrainable({
      spec,
      loss: mine.loss,
      optimizer: { name: mine.optimizer, learningRate: 1, schedule: { name: mine.schedule } },
    });
    expect(trainable.loss).toBe(losses.get("mine"));
    expect(losses.names()).toContain("mine");
    expect(optimizers.names()).toContain("mine");
    expect(schedules.names()).toContain("mine");
  });

  test("a saved name that is in no registry is refused with the one to add it to", () => {
    const spec = { inputShape: [3], rule: "mine", layers: [{ type: "dense", units: 2 }] } as const;
    expect(() => createNetwork(spec)).toThrow(
      'Unknown rule "mine". Known: bp, fa, kp, wm, pfa, ldfa, usf, frsf, brsf, dfa, sdfa, dkp, fdfa, drtp, f3, pepita. One of your own has to be added before it is ' +
        "asked for by name: rules.add(…), of @bioflax/core.",
    );
  });
});
