import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { runYielding } from "../../base/yielding";
import { DataClass, DataType, type Summary_Value, Summary_ValueSchema } from "../../proto/event_pb";
import { histogram, STRETCH } from "./histogram";

// Numbers, histograms and pictures are written as their own kinds, as PyTorch's writer does, and not as tensors, as
// TensorFlow 2's does: TensorBoard shows both alike, and of the readers that scripts use, EventAccumulator's Scalars,
// Histograms and Images know no tensors.

const summary = (tag: string, value: MessageInitShape<typeof Summary_ValueSchema>["value"]) =>
  create(Summary_ValueSchema, { tag, ...(value && { value }) });

/** A number that has a curve. It is stored in float32, as TensorBoard's own writers do. */
export function scalarValue(tag: string, number: number): Summary_Value {
  return summary(tag, { case: "simpleValue", value: number });
}

/** The sum of values and of their squares, those that are not finite left out; yields now and then. */
function* sums(values: Float32Array): Generator<void, { sum: number; sumSquares: number }> {
  let [sum, sumSquares] = [0, 0];
  for (let from = 0; from < values.length; from += STRETCH) {
    for (const value of values.subarray(from, from + STRETCH)) {
      if (!Number.isFinite(value)) continue;
      sum += value;
      sumSquares += value * value;
    }
    yield;
  }
  return { sum, sumSquares };
}

/** How values are distributed; those that are not finite are left out. */
export async function histogramValue(tag: string, values: Float32Array): Promise<Summary_Value> {
  const rows = await histogram(values);
  const column = (index: number) => [...rows].filter((_, i) => i % 3 === index);
  const [lefts, rights, counts] = [column(0), column(1), column(2)];
  const { sum, sumSquares } = await runYielding(sums(values), undefined);
  return summary(tag, {
    case: "histo",
    value: {
      min: lefts[0] as number,
      max: rights.at(-1) as number,
      num: counts.reduce((all, count) => all + count, 0),
      sum,
      sumSquares,
      bucketLimit: rights,
      bucket: counts,
    },
  });
}

/** A picture: its size and the bytes of a PNG file. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** A picture to look at, in red, green and blue. */
export function imageValue(tag: string, { width, height, png }: Picture): Summary_Value {
  return summary(tag, {
    case: "image",
    value: { width, height, colorspace: 3, encodedImageString: png },
  });
}

/** Text in Markdown, which has no kind of its own but tensors of the dashboard for text. */
export function textValue(tag: string, markdown: string): Summary_Value {
  return create(Summary_ValueSchema, {
    tag,
    metadata: { pluginData: { pluginName: "text" }, dataClass: DataClass.TENSOR },
    value: {
      case: "tensor",
      value: {
        dtype: DataType.DT_STRING,
        tensorShape: { dim: [{ size: 1n }] },
        stringVal: [Buffer.from(markdown)],
      },
    },
  });
}
