import { create, toBinary } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "../proto/onnx_pb";
import { straight } from "./layout";
import { domainsOf } from "./node-names";
import type { Scope } from "./scope";
import type { Value } from "./value";

/** The operator set the nodes are taken from; every operator used has its present meaning in it. */
const OPSET = 18n;
/** The version of the file format that goes with it. */
const IR_VERSION = 8n;

/** A model's bytes, with the names of its outputs in the order they were given. */
export interface Model {
  readonly bytes: Uint8Array;
  readonly outputs: readonly string[];
  /** How many nodes it has, those of loops' bodies apart. */
  readonly nodes: number;
}

/**
 * Serialises a graph as an ONNX model.
 *
 * @param metadata texts about it.
 */
export function toModel(
  scope: Scope,
  outputs: readonly Value[],
  metadata: Readonly<Record<string, string>> = {},
): Model {
  const graph = scope.toProto(
    "bioflax",
    outputs.map((value) => straight(scope, value)),
  );
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: "bioflax",
    opsetImport: [
      { domain: "", version: OPSET },
      ...domainsOf(graph).map((domain) => ({ domain, version: 1n })),
    ],
    graph,
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return {
    bytes: toBinary(ModelProtoSchema, model),
    outputs: graph.output.map(({ name }) => name as string),
    nodes: graph.node.length,
  };
}
