import { activations, optimizers, rules } from "@bioflax/core";
import { afterEach, expect, test } from "@jest/globals";
import { loadPlugins } from "./load";
import { isModulePath } from "./locate";

const half = { ...rules.get("fa"), name: "half-loaded" };

afterEach(() => {
  rules.remove("half-loaded");
});

test("a plugin is loaded once, and again without a change", async () => {
  const plugin = { name: "once", version: "1.0.0", rules: [half] };
  expect(await loadPlugins([plugin])).toEqual([{ name: "once", version: "1.0.0" }]);
  const loaded = rules.get("half-loaded");
  expect(loaded.formula).toBe(half.formula);
  expect(await loadPlugins([plugin])).toEqual([{ name: "once", version: "1.0.0" }]);
  expect(rules.get("half-loaded")).toBe(loaded);
});

test("of a plugin with a definition that is refused, nothing is added", async () => {
  const plugin = { name: "broken", rules: [half], activations: [{ name: "relu" }] };
  await expect(loadPlugins([plugin as never])).rejects.toThrow(
    'plugin "broken": activations[0]: Activation "relu": expected its definition to have "forward"',
  );
  expect(rules.has("half-loaded")).toBe(false);
  expect([...activations].filter(({ name }) => name === "relu")).toHaveLength(1);
});

test("two plugins of one name are refused", async () => {
  await loadPlugins([{ name: "twice" }]);
  await expect(loadPlugins([{ name: "twice" }])).rejects.toThrow(
    'expected a plugin whose name no other has, received "twice"',
  );
});

test.each([
  ["seed", "expected a name that no setting of the command has"],
  ["help", "expected a name that no setting of the command has"],
  ["not-camel", "expected a name in camelCase"],
])("an option called %s is refused", async (option, message) => {
  const options = { [option]: { type: "number", doc: "x" } };
  const plugin = { name: "options", optimizers: [{ name: "own", options, create() {} }] };
  await expect(loadPlugins([plugin as never])).rejects.toThrow(
    `plugin "options": optimizers[0]: optimizer "own", option "${option}": ${message}`,
  );
  expect(optimizers.has("own")).toBe(false);
});

test.each([
  ["./my-rule.mjs", true],
  ["../rules", true],
  ["/rules/mine.js", true],
  ["my-rule.mjs", true],
  ["my-rule", false],
  ["@me/my-rule", false],
])("%s is a path: %s", (given, isPath) => {
  expect(isModulePath(given)).toBe(isPath);
});

test.each([
  [
    { type: "numeral" },
    'expected its "type" to be one of number, flag, choice, numbers, words, received "numeral".',
  ],
  [
    { type: "number", from: 0, default: "1" },
    'expected its "default" to be a number from 0 upwards, received "1".',
  ],
])("an option that is %j is refused", async (option, message) => {
  const plugin = {
    name: "options",
    optimizers: [{ name: "own", options: { memory: option }, create() {} }],
  };
  await expect(loadPlugins([plugin as never])).rejects.toThrow(
    `plugin "options": optimizers[0]: optimizer "own", option "memory": ${message}`,
  );
});
