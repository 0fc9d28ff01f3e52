import { describe, expect, test } from "@jest/globals";
import {
  BioflaxError,
  createNetwork,
  createTrainable,
  float64Tensor,
  forward,
  type LayerSpec,
  layers,
  type NetworkSpec,
  outputOf,
  referenceOps,
  separableConv2d,
} from "../index";

const dense = { type: "dense", units: 3 } as const;
const flatten = { type: "flatten" } as const;
const conv2d = { type: "conv2d", filters: 2, kernelSize: 3 } as const;

const networkOf = (layers: readonly LayerSpec[], more: Partial<NetworkSpec> = {}) =>
  createNetwork({ inputShape: [5, 4, 2], rule: "bp", layers, ...more });

test.each<[string, LayerSpec, readonly number[]]>([
  ["conv2d", conv2d, [3, 2, 2]],
  ["conv2d, same", { ...conv2d, padding: "same" }, [5, 4, 2]],
  ["conv2d, same by strides", { ...conv2d, padding: "same", strides: [2, 3] }, [3, 2, 2]],
  ["conv2d, strides beyond the kernel", { ...conv2d, kernelSize: 1, strides: 3 }, [2, 2, 2]],
  ["conv2d, dilated", { ...conv2d, kernelSize: 2, dilationRate: [3, 2] }, [2, 2, 2]],
  ["conv2d, in groups", { ...conv2d, filters: 4, groups: 2 }, [3, 2, 4]],
  ["depthwiseConv2d", { type: "depthwiseConv2d", kernelSize: 2, depthMultiplier: 3 }, [4, 3, 6]],
  ["conv2dTranspose", { ...conv2d, type: "conv2dTranspose", strides: 2 }, [11, 9, 2]],
  [
    "conv2dTranspose, same",
    { ...conv2d, type: "conv2dTranspose", strides: [2, 3], padding: "same" },
    [10, 12, 2],
  ],
  [
    "conv2dTranspose, strides beyond the kernel",
    { ...conv2d, type: "conv2dTranspose", kernelSize: 1, strides: 2 },
    [10, 8, 2],
  ],
  ["layerNormalization", { type: "layerNormalization" }, [5, 4, 2]],
  ["prelu", { type: "prelu", sharedAxes: [1, 2] }, [5, 4, 2]],
  ["concatenate, of one", { type: "concatenate" }, [5, 4, 2]],
  ["maxPooling2d", { type: "maxPooling2d" }, [2, 2, 2]],
  ["averagePooling2d, same", { type: "averagePooling2d", padding: "same" }, [3, 2, 2]],
  ["maxPooling2d by 1", { type: "maxPooling2d", poolSize: [3, 2], strides: 1 }, [3, 3, 2]],
  ["globalMaxPooling2d", { type: "globalMaxPooling2d" }, [2]],
  ["flatten", flatten, [40]],
  ["reshape", { type: "reshape", targetShape: [8, 5] }, [8, 5]],
  ["zeroPadding2d", { type: "zeroPadding2d" }, [7, 6, 2]],
  ["zeroPadding2d, rows and columns", { type: "zeroPadding2d", padding: [0, 2] }, [5, 8, 2]],
  [
    "zeroPadding2d, every side",
    {
      type: "zeroPadding2d",
      padding: [
        [1, 2],
        [3, 4],
      ],
    },
    [8, 11, 2],
  ],
])("the shape after %s", (_name, layer, expected) => {
  expect(networkOf([layer]).layers[0]?.outputShape).toEqual(expected);
});

test.each([...layers].map((definition) => [definition.name, definition] as const))(
  "every option of %s refuses what is of no option's kind, and says so",
  (type, { optionNames, examples, probe }) => {
    const names = Object.keys(optionNames).filter((name) => !name.endsWith("Initializer"));
    for (const name of names)
      for (const value of [{ surely: "none" }, [["none"]]]) {
        const spec = { type, ...examples[0], [name]: value } as LayerSpec;
        const make = () => createNetwork({ inputShape: probe, rule: "fa", layers: [spec] });
        expect(make).toThrow(BioflaxError);
        expect(make).toThrow(/expected|[Uu]nknown/);
      }
  },
);

describe("what an error says", () => {
  const image = "expected an input of shape [height, width, channels], received [4]";
  const onVectors = { inputShape: [4] };
  test.each<[string, () => unknown, string]>([
    [
      "a dense layer on images",
      () => networkOf([dense]),
      "Layer 0: dense: expected an input of shape [in], received [5, 4, 2]; flatten it first.",
    ],
    ["a convolution on vectors", () => networkOf([conv2d], onVectors), `conv2d: ${image}`],
    [
      "a pooling on vectors",
      () => networkOf([{ type: "maxPooling2d" }], onVectors),
      `maxPooling2d: ${image}`,
    ],
    [
      "a kernel larger than the image",
      () => networkOf([{ ...conv2d, kernelSize: [3, 5] }]),
      'Layer 0: conv2d: expected an image of at least 3×5 for its window, received 5×4; use padding "same".',
    ],
    [
      "a kernel that dilation makes larger than the image",
      () => networkOf([{ ...conv2d, dilationRate: 2 }]),
      "conv2d: expected an image of at least 5×5 for its window, received 5×4",
    ],
    [
      "no filters",
      () => networkOf([{ ...conv2d, filters: 0 }]),
      "conv2d: expected filters to be a positive whole number, received 0.",
    ],
    [
      "groups that filters do not come in",
      () => networkOf([{ ...conv2d, filters: 3, groups: 2 }]),
      "Layer 0: conv2d: expected groups of as many channels and of as many filters each, received 2 groups of 2 channels and 3 filters.",
    ],
    [
      "a sequence that is an image",
      () => networkOf([{ type: "conv1d", filters: 1, kernelSize: 1 }]),
      "conv1d: expected an input of shape [steps, channels], received [5, 4, 2]; reshape it first.",
    ],
    [
      "two strides along a sequence",
      () =>
        networkOf([{ type: "conv1d", filters: 1, kernelSize: 1, strides: [1, 1] as never }], {
          inputShape: [5, 2],
        }),
      "conv1d: expected strides to be a number, received [1,1].",
    ],
    [
      "inputs that differ along another axis than that they are joined along",
      () => networkOf([conv2d, { type: "concatenate", inputs: [-1, 0] }]),
      "Layer 1: concatenate: expected inputs alike but along the axis 3, received [5, 4, 2] and [3, 2, 2].",
    ],
    [
      "to be joined along the batch",
      () => networkOf([{ type: "concatenate", axis: 0 }]),
      "concatenate: expected axis to be from 1 to 3, or from -3 to -1, received 0; the batch, axis 0, stays as it is.",
    ],
    [
      "a slope that is none",
      () => networkOf([{ type: "leakyReLU", alpha: Number.NaN }]),
      "leakyReLU: expected alpha to be a number, received NaN.",
    ],
    [
      "shared axes that are not there",
      () => networkOf([{ type: "prelu", sharedAxes: [4] }]),
      "prelu: expected sharedAxes to be a list of axes from 1 to 3 for an input of [5, 4, 2], received [4].",
    ],
    [
      "a layer normalisation by nothing",
      () => networkOf([{ type: "layerNormalization", epsilon: 0 }]),
      "layerNormalization: expected an epsilon above 0, received 0.",
    ],
    [
      "half a stride",
      () => networkOf([{ ...conv2d, strides: 0.5 }]),
      "conv2d: expected strides to be a positive whole number, received 0.5.",
    ],
    [
      "three extents",
      () => networkOf([{ type: "maxPooling2d", poolSize: [1, 2, 3] as never }]),
      "maxPooling2d: expected poolSize to be a number or [height, width], received [1,2,3].",
    ],
    [
      "strides and dilation",
      () => networkOf([{ ...conv2d, strides: 2, dilationRate: 2 }]),
      "conv2d: expected strides or dilationRate to be 1, received strides [2, 2] and dilationRate [2, 2].",
    ],
    [
      "a padding that is none",
      () => networkOf([{ ...conv2d, padding: "full" as "same" }]),
      'conv2d: expected padding to be "same" or "valid", received "full".',
    ],
    [
      "a projection that is none",
      () => networkOf([{ ...conv2d, feedbackProjection: "sparse" as "dense" }]),
      'feedbackProjection: expected one of dense, broadcast, received "sparse".',
    ],
    [
      "a shape that holds another number of elements",
      () => networkOf([{ type: "reshape", targetShape: [3, 3] }]),
      "reshape: [5, 4, 2] has 40 elements, [3, 3] has 9.",
    ],
    [
      "zeros that are less than none",
      () => networkOf([{ type: "zeroPadding2d", padding: [0, -1] }]),
      "zeroPadding2d: expected padding to be a whole number from 0, [rows, columns] or [[top, bottom], [left, right]], received [0,-1].",
    ],
    [
      "everything dropped",
      () => networkOf([{ type: "dropout", rate: 1 }]),
      "dropout: expected rate to be a number from 0 to below 1, received 1.",
    ],
    [
      "a normalisation by nothing",
      () => networkOf([{ type: "batchNormalization", epsilon: 0 }]),
      "batchNormalization: expected a momentum from 0 to 1 and an epsilon above 0, received 0.99 and 0.",
    ],
    [
      "a bias that is neither there nor not",
      () => networkOf([{ ...conv2d, useBias: "no" as never }]),
      'Layer 0: conv2d: expected useBias to be true or false, received "no".',
    ],
    ...(["batchNormalization", "layerNormalization"] as const).flatMap((type) =>
      (["center", "scale"] as const).map((option): [string, () => unknown, string] => [
        `${type} that knows not whether to ${option}`,
        () => networkOf([{ type, [option]: 0 }]),
        `Layer 0: ${type}: expected ${option} to be true or false, received 0.`,
      ]),
    ),
    [
      "a momentum in words",
      () => networkOf([{ type: "batchNormalization", momentum: "0.9" as never }]),
      'batchNormalization: expected a momentum from 0 to 1 and an epsilon above 0, received "0.9" and 0.001.',
    ],
    [
      "an epsilon in a list",
      () => networkOf([{ type: "layerNormalization", epsilon: [1] as never }]),
      "layerNormalization: expected an epsilon above 0, received [1].",
    ],
    [
      "a rate that is null",
      () => networkOf([{ type: "dropout", rate: null as never }]),
      "dropout: expected rate to be a number from 0 to below 1, received null.",
    ],
    [
      "a shape that is a number",
      () => networkOf([{ type: "reshape", targetShape: 40 as never }]),
      "Layer 0: reshape: expected targetShape to be a list of extents, such as [4, 3], received 40.",
    ],
    [
      "zeros in words",
      () => networkOf([{ type: "zeroPadding2d", padding: "same" as never }]),
      'zeroPadding2d: expected padding to be a whole number from 0, [rows, columns] or [[top, bottom], [left, right]], received "same".',
    ],
    [
      "a name that is a number",
      () => networkOf([{ ...conv2d, name: 3 as never }]),
      "Layer 0: expected its name to be a text, received 3.",
    ],
    [
      "an activation that is not known",
      () => networkOf([{ type: "activation", activation: "rleu" as "relu" }]),
      'Unknown activation "rleu". Did you mean "relu"?',
    ],
    [
      "a layer that is not known",
      () => networkOf([{ type: "conv3d" as "conv2d", filters: 1, kernelSize: 1 }]),
      'Layer 0: Unknown layer type "conv3d". Did you mean "conv2d"?',
    ],
    [
      "an input that comes later",
      () => networkOf([{ ...conv2d, inputs: [1] }, flatten]),
      "Layer 0: expected inputs to be a list of layers before it, from -1 for the network's input to -1, received [1].",
    ],
    [
      "no input",
      () => networkOf([conv2d, { type: "add", inputs: [] }]),
      "Layer 1: expected inputs to be a list of layers before it, from -1 for the network's input to 0, received [].",
    ],
    [
      "an output that goes nowhere",
      () => networkOf([conv2d, { ...flatten, inputs: [-1] }]),
      "Layer 0: expected its output to go into a later layer, and none takes it.",
    ],
    [
      "two inputs where there is place for one",
      () => networkOf([conv2d, { ...conv2d, inputs: [-1, 0] }]),
      'Layer 1: conv2d: expected one input, received 2; join them in a layer of the type "add" or "concatenate" first.',
    ],
    [
      "branches of different shapes",
      () => networkOf([conv2d, { type: "add", inputs: [-1, 0] }]),
      "Layer 1: add: expected inputs of one shape, received [5, 4, 2] and [3, 2, 2].",
    ],
    [
      "a name that another layer has",
      () => networkOf([conv2d, { ...flatten, name: "layers.0" }, dense]),
      'Layer 1: expected a name no other layer has, received "layers.0", which is layer 0\'s.',
    ],
    [
      "an output that is no vector",
      () =>
        createTrainable({
          spec: networkOf([conv2d]).spec,
          loss: "meanSquaredError",
          optimizer: { name: "sgd", learningRate: 1 },
        }),
      "Network: expected the last layer to put out a vector, received [3, 2, 2]. Flatten it, or pool it globally.",
    ],
    [
      "a layer that waits for an error across pooling",
      () =>
        networkOf([
          { ...conv2d, rule: "fa" },
          { type: "maxPooling2d" },
          flatten,
          { ...dense, rule: "dfa" },
        ]),
      'Layer 0: the rule "fa" takes its error from the layer above, and that one, layer 3, has the rule "dfa"',
    ],
  ])("%s", (_name, act, text) => expect(act).toThrow(text));
});

test("a normalisation that no error reaches does not learn, and its statistics move all the same", () => {
  const { parameters } = networkOf(
    [{ type: "batchNormalization" }, conv2d, { type: "batchNormalization" }, flatten, dense],
    { rule: "dfa" },
  );
  const of = (layer: number) =>
    parameters
      .filter((info) => info.layer === layer)
      .map(({ role, learns, changes, decays }) => [role, learns, changes, decays]);
  expect(of(0)).toEqual([
    ["gamma", false, false, false],
    ["beta", false, false, false],
    ["movingMean", false, true, false],
    ["movingVariance", false, true, false],
  ]);
  expect(of(2).slice(0, 2)).toEqual([
    ["gamma", true, true, false],
    ["beta", true, true, false],
  ]);
});

test("kernels, and what stands for them, start by what goes into a unit", () => {
  const { parameters } = networkOf(
    [
      { type: "depthwiseConv2d", kernelSize: 3, depthMultiplier: 2 },
      { ...conv2d, filters: 8, kernelSize: 1, groups: 2 },
      { ...conv2d, type: "conv2dTranspose", filters: 4 },
    ],
    { rule: "fa", inputShape: [5, 4, 16] },
  );
  const fansOf = (role: string) =>
    parameters.filter((own) => own.role === role).map(({ shape, fans }) => [shape, fans ?? shape]);
  const expected = [
    [
      [3, 3, 16, 2],
      [3, 3, 1, 32],
    ],
    [
      [1, 1, 16, 8],
      [1, 1, 16, 8],
    ],
    [
      [3, 3, 4, 8],
      [3, 3, 8, 4],
    ],
  ];
  expect(fansOf("kernel")).toEqual(expected);
  expect(fansOf("feedback")).toEqual(expected);
});

test("a separable convolution is two layers, each told what both are", () => {
  const layers = separableConv2d({
    ...{ filters: 6, kernelSize: 3, strides: 2, padding: "same", depthMultiplier: 2 },
    ...{ activation: "relu6", name: "separable", clipNorm: 2 },
  });
  expect(layers).toEqual([
    {
      ...{ type: "depthwiseConv2d", kernelSize: 3, strides: 2, padding: "same" },
      ...{ depthMultiplier: 2, useBias: false, name: "separable_depthwise", clipNorm: 2 },
    },
    {
      ...{ type: "conv2d", filters: 6, kernelSize: 1, activation: "relu6" },
      ...{ name: "separable", clipNorm: 2 },
    },
  ]);
  expect(networkOf(layers).layers.map(({ outputShape }) => outputShape)).toEqual([
    [3, 2, 4],
    [3, 2, 6],
  ]);
});

test("errors of groups go through one projection, group by group", () => {
  const { parameters } = networkOf(
    [
      { type: "depthwiseConv2d", kernelSize: 3, depthMultiplier: 2 },
      { ...conv2d, filters: 8, kernelSize: 1, groups: 2 },
      { ...conv2d, type: "conv2dTranspose", filters: 4 },
    ].map((layer) => ({ ...layer, feedbackRank: 5 }) as LayerSpec),
    { rule: "pfa", inputShape: [5, 4, 16] },
  );
  const shapesOf = (role: string) =>
    parameters.filter((own) => own.role === role).map(({ shape }) => shape);
  expect(shapesOf("errorProjection")).toEqual([
    [5, 2],
    [5, 4],
    [5, 4],
  ]);
  expect(shapesOf("feedback")).toEqual([
    [3, 3, 16, 5],
    [1, 1, 16, 10],
    [3, 3, 5, 8],
  ]);
});

test("dropout drops in training alone, whatever noise there is", () => {
  const network = networkOf([{ type: "dropout", rate: 0.5 }], { inputShape: [3] });
  const [input, mask] = [float64Tensor([1, 2, 3], [1, 3]), float64Tensor([0, 2, 2], [1, 3])];
  const outputs = (training: boolean) => [
    ...outputOf(forward(referenceOps, network, [{ noise: [mask] }], input, training)).data,
  ];
  expect(outputs(true)).toEqual([0, 4, 6]);
  expect(outputs(false)).toEqual([1, 2, 3]);
});

test("a layer's name is the key of its random stream", () => {
  const { noise } = networkOf(
    [{ type: "dropout", rate: 0.5, name: "thin" }, { ...flatten }, { ...dense, name: "top" }],
    { rule: "brsf" },
  );
  expect(noise.map(({ name, layer }) => [name, layer])).toEqual([
    ["thin.noise.0", 0],
    ["top.noise.0", 2],
  ]);
});
