import { BioflaxError } from "@bioflax/core";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  convert,
  denseFA,
  fromSpec,
  linkModel,
  readWeights,
  toLayersModel,
  toNetwork,
  toSpec,
  writeWeights,
} from "../index";
import "../../test/backends";

beforeAll(() => tf.setBackend("cpu"));

const as = <T>(value: unknown) => value as T;
const plain = () => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });

test.each<[string, (model: tf.LayersModel) => unknown]>([
  ["convert", (model) => convert(model, { rule: "fa" })],
  ["toLayersModel", toLayersModel],
  ["toNetwork", toNetwork],
  ["linkModel", linkModel],
  ["readWeights", readWeights],
  ["writeWeights", (model) => writeWeights(model, {})],
])("%s says what it was given in a model's place", async (who, act) => {
  const given = async (value: unknown) => act(as(value));
  const received = (what: string) =>
    `${who}: expected a model of TensorFlow.js's, received ${what}`;
  await expect(given(Promise.resolve(plain()))).rejects.toThrow(BioflaxError);
  await expect(given(Promise.resolve(plain()))).rejects.toThrow(
    received("a Promise that is not awaited."),
  );
  await expect(given(undefined)).rejects.toThrow(received("undefined."));
  await expect(given(convert(plain(), { rule: "fa" }))).rejects.toThrow(
    received("an object with one in it, such as convert gives. Take its model out of it"),
  );
});

test("what is still to be awaited, or was left out, is named in other places too", async () => {
  const model = tf.sequential({ layers: [denseFA({ units: 2, inputShape: [3] })] });
  const awaited = "received a Promise that is not awaited.";
  expect(() => writeWeights(model, as(readWeights(model)))).toThrow(
    `writeWeights: expected an object of weights by name, ${awaited}`,
  );
  expect(() => fromSpec(as(toSpec(model)))).toThrow(
    `Network: expected an object of options, ${awaited}`,
  );
  const { spec } = await toSpec(model);
  expect(() => fromSpec(spec, as(readWeights(model)))).toThrow(awaited);
  expect(() => convert(plain(), as(undefined))).toThrow(
    "convert: expected an object of options, received undefined.",
  );
});
