import { describe, expect, test } from "@jest/globals";
import {
  recurrentCases,
  referenceInterpreter,
  worstEvaluationError,
  worstTrainingError,
} from "../../testing/index";
import { createNetwork, type LayerSpec, type RuleName } from "../index";

test.each(recurrentCases().map((given) => [given.name, given] as const))(
  "training and evaluation are the plain loops': %s",
  async (_name, given) => {
    expect(await worstTrainingError(referenceInterpreter, given)).toBeLessThan(1e-9);
    expect(await worstEvaluationError(referenceInterpreter, given)).toBeLessThan(1e-9);
  },
);

describe("recurrent layers", () => {
  const made = (rule: RuleName, ...layers: LayerSpec[]) =>
    createNetwork({ inputShape: [4, 3], rule, layers });
  const dense: LayerSpec = { type: "dense", units: 2 };

  test("have one kernel, of the input's rows and the state's, and feedback weights for it or for a state", () => {
    const shapes = (rule: RuleName, layer: LayerSpec) =>
      Object.fromEntries(
        made(rule, layer, dense)
          .parameters.slice(0, 3)
          .map(({ role, shape }) => [role, shape]),
      );
    expect(shapes("fa", { type: "simpleRNN", units: 5 })).toEqual({
      kernel: [8, 5],
      bias: [5],
      feedback: [8, 5],
    });
    expect(shapes("dfa", { type: "gru", units: 5 })).toEqual({
      kernel: [8, 15],
      bias: [15],
      feedback: [5, 2],
    });
    expect(
      shapes("dfa", { type: "simpleRNN", units: 5, feedbackProjection: "dense" }),
    ).toMatchObject({ feedback: [4 * 5, 2] });
  });

  test.each<[string, () => unknown, string]>([
    [
      "an input without steps",
      () => createNetwork({ inputShape: [3], rule: "bp", layers: [{ type: "gru", units: 2 }] }),
      "Layer 0: gru: expected an input of shape [steps, in], received [3]; reshape it first.",
    ],
    [
      "a second pass",
      () => made("pepita", { type: "simpleRNN", units: 2 }, dense),
      'Layer 0: the rule "pepita" cannot be used here: it has a second pass of the data in place of a backward pass, and how a state\'s steps would learn ' +
        "from that nobody has said. Change the option or the rule.",
    ],
    [
      "errors straight from the output, past the kernel that leads to the reset gate",
      () => made("dfa", { type: "gru", units: 2, resetAfter: false }, dense),
      'Layer 0: the rule "dfa" cannot be used here: without resetAfter an error gets to the reset gate only through the kernel, and errors straight from the ' +
        "output go through none. Change the option or the rule.",
    ],
    [
      "errors straight from the output at the output",
      () => made("dfa", { type: "simpleRNN", units: 2 }),
      'Layer 0: expected a layer without steps at the output, whose error the rule "dfa" sends straight to the steps of those below, received "simpleRNN". Put a ' +
        "dense layer after it, or give it a rule whose errors travel layer by layer.",
    ],
    [
      "units that are none",
      () => made("bp", { type: "simpleRNN", units: 0 }),
      "Layer 0: simpleRNN: expected units to be a positive whole number, received 0.",
    ],
    [
      "a flag that is none",
      () => made("bp", { type: "gru", units: 1, returnSequences: 1 as never }),
      "Layer 0: gru: expected returnSequences to be true or false, received 1.",
    ],
  ])("refuse %s", (_what, act, message) => {
    expect(act).toThrow(expect.objectContaining({ name: "BioflaxError", message }));
  });
});
