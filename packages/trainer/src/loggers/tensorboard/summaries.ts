import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  DataClass,
  DataType,
  type Summary_Value,
  Summary_ValueSchema,
  type TensorProtoSchema,
} from "../../proto/event_pb";
import { histogram } from "./histogram";

/** What one of TensorBoard's dashboards shows, as its present version reads it without converting anything. */
function value(
  tag: string,
  pluginName: string,
  dataClass: DataClass,
  tensor: MessageInitShape<typeof TensorProtoSchema>,
): Summary_Value {
  return create(Summary_ValueSchema, {
    tag,
    metadata: { pluginData: { pluginName }, dataClass },
    tensor,
  });
}

const dimensions = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: BigInt(size) })) });

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Float64Array) =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** A number that has a curve. It is stored in float32, as TensorBoard's own writers do. */
export function scalarValue(tag: string, number: number): Summary_Value {
  return value(tag, "scalars", DataClass.SCALAR, {
    dtype: DataType.DT_FLOAT,
    tensorShape: dimensions(),
    tensorContent: bytesOf(Float32Array.of(number)),
  });
}

/** How values are distributed. */
export async function histogramValue(tag: string, values: Float32Array): Promise<Summary_Value> {
  const rows = await histogram(values);
  return value(tag, "histograms", DataClass.TENSOR, {
    dtype: DataType.DT_DOUBLE,
    tensorShape: dimensions(rows.length / 3, 3),
    tensorContent: bytesOf(rows),
  });
}

/** A picture: its size and the bytes of a PNG file. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly png: Uint8Array;
}

/** A picture to look at. */
export function imageValue(tag: string, { width, height, png }: Picture): Summary_Value {
  return value(tag, "images", DataClass.BLOB_SEQUENCE, {
    dtype: DataType.DT_STRING,
    tensorShape: dimensions(3),
    stringVal: [Buffer.from(String(width)), Buffer.from(String(height)), png],
  });
}

/** Text in Markdown. */
export function textValue(tag: string, markdown: string): Summary_Value {
  return value(tag, "text", DataClass.TENSOR, {
    dtype: DataType.DT_STRING,
    tensorShape: dimensions(1),
    stringVal: [Buffer.from(markdown)],
  });
}
