import { expect, test } from "@jest/globals";
import { Handle } from "./handle";

/** A parent and two children, and the order in which they are destroyed. */
function family() {
  const order: string[] = [];
  const make = (name: string, parent?: Handle) =>
    new Handle(name, 1n, () => order.push(name), parent);
  const parent = make("parent");
  return { order, parent, first: make("first", parent), second: make("second", parent), make };
}

test("children are destroyed before their parent, each once", () => {
  const { order, parent, first } = family();
  first.close();
  parent.close();
  parent.close();
  first.close();
  expect(order).toEqual(["first", "second", "parent"]);
});

test("what a call uses is destroyed when it ends, and its parent then", async () => {
  const { order, parent, first, make } = family();
  let end = () => {};
  const work = Handle.using([parent, first], () => new Promise<void>((resolve) => (end = resolve)));
  parent.close();
  expect(order).toEqual(["second"]);
  expect(() => first.pointer).toThrow("This first was destroyed and cannot be used.");
  // Made by a call that had begun.
  expect(make("late", parent).isClosed).toBe(true);
  end();
  await work;
  expect(order).toEqual(["second", "late", "first", "parent"]);
});

test("a call that fails ends, too; one with what was destroyed does not begin", async () => {
  const { order, parent, first } = family();
  const failed = Handle.using([first], async () => {
    first.close();
    throw new Error("failed");
  });
  await expect(failed).rejects.toThrow("failed");
  expect(order).toEqual(["first"]);
  let begun = false;
  const none = Handle.using([parent, first], async () => (begun = true));
  await expect(none).rejects.toThrow("This first was destroyed");
  expect(begun).toBe(false);
  parent.close();
  expect(order).toEqual(["first", "second", "parent"]);
});
