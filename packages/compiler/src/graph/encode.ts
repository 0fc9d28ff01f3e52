import { create } from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from "../proto/onnx_pb";
import { DYNAMIC, onnxType, storedShape, type Value } from "./value";

/** A node's attributes: an INT, several, a FLOAT, a STRING, or a loop's body. */
export type Attributes = Readonly<
  Record<
    string,
    | { readonly int: number }
    | { readonly ints: readonly number[] }
    | { readonly float: number }
    | { readonly text: string }
    | GraphProto
  >
>;

/** An attribute as ONNX has it. */
export function attribute(name: string, value: Attributes[string]): AttributeProto {
  if ("int" in value) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.INT,
      i: BigInt(value.int),
    });
  }
  if ("ints" in value) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.INTS,
      ints: value.ints.map(BigInt),
    });
  }
  if ("float" in value) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.FLOAT,
      // As large as a float32 can be is infinite, which training then shows; ONNX's format would refuse the number.
      f: Math.fround(value.float),
    });
  }
  if ("text" in value) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value.text),
    });
  }
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: value });
}

function dimension(extent: number, dynamicName: string) {
  return extent === DYNAMIC
    ? { value: { case: "dimParam" as const, value: dynamicName } }
    : { value: { case: "dimValue" as const, value: BigInt(extent) } };
}

/** What ONNX is told of an input or output. @param dynamicName what the dynamic dimension is called. */
export function valueInfo({ name, type, ...layout }: Value, dynamicName: string): ValueInfoProto {
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      value: {
        case: "tensorType",
        value: {
          elemType: onnxType[type],
          shape: { dim: storedShape(layout).map((extent) => dimension(extent, dynamicName)) },
        },
      },
    },
  });
}
