import { describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { registerClasses } from "./index";

const { classNameMap } = tf.serialization.SerializationMap.getMap();
const ours = () => Object.keys(classNameMap).filter((name) => name.startsWith("Bioflax"));

describe("the classes that a saved model may name", () => {
  test("are registered by importing the package, and all of them by registerClasses", () => {
    const imported = ours();
    expect(imported.length).toBeGreaterThan(20);
    for (const name of imported) delete classNameMap[name];
    registerClasses();
    expect(ours().sort()).toEqual(imported.sort());
  });
});
