import { createHash } from "node:crypto";
import {
  BioflaxError,
  delayedErrorsName,
  differenceSlots,
  type Network,
  nearest,
  needsDelayedErrors,
  type Optimizer,
  printableName,
  type Shape,
  showProblems,
  showShape,
  showValue,
  slotNames,
  type TrainingSnapshot,
} from "@bioflax/core";
import {
  type CheckpointContent,
  encodeSafetensors,
  type Progress,
  parseCheckpointContent,
  readSafetensors,
  type Safetensors,
  type StoredTensor,
  type StoredTensors,
} from "@bioflax/runs";

/** What the file says it is. */
const FORMAT = "bioflax checkpoint";
/** Counts the changes after which files of before cannot be read. */
const VERSION = "1";

/** All that a run goes on from. */
export interface Checkpoint {
  readonly snapshot: TrainingSnapshot;
  readonly content: Omit<CheckpointContent, "stepsTaken" | "progress"> & {
    readonly progress: Progress;
  };
}

/** What is trained, as far as it decides which tensors there are. */
export interface CheckpointOf {
  readonly network: Network;
  readonly optimizer: Optimizer;
}

/** The shape of every tensor of a checkpoint, by name: weights first. */
function shapesOf({ network, optimizer }: CheckpointOf): Map<string, Shape> {
  const { parameters } = network;
  return new Map([
    ...parameters.map(({ name, shape }) => [name, shape] as const),
    ...parameters.flatMap((info) =>
      slotNames(info, optimizer).map((name) => [name, info.shape] as const),
    ),
  ]);
}

/**
 * The shapes of tensors that a checkpoint may have besides.
 *
 * @param lengthOf how many numbers the one of a name has; undefined where it is not there.
 * @returns those that are there.
 */
function furtherShapesOf(
  { network }: CheckpointOf,
  lengthOf: (name: string) => number | undefined,
): [string, Shape][] {
  const { outputs } = network;
  // As many as there are examples.
  const rows = Math.ceil((lengthOf(delayedErrorsName) ?? 0) / outputs);
  const shapes: [string, Shape][] = [
    ...network.parameters.flatMap((info) => Object.entries(differenceSlots(info))),
    ...(needsDelayedErrors(network)
      ? [[delayedErrorsName, [rows, outputs]] as [string, Shape]]
      : []),
  ];
  return shapes.filter(([name]) => lengthOf(name) !== undefined);
}

/** A digest of everything in a checkpoint: a flipped bit anywhere gives another. */
function checksum(content: string, tensors: StoredTensors): string {
  const hash = createHash("sha256").update(content);
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest("hex");
}

/** The content as text; numbers that are not finite as words. */
function contentText(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

/** A checkpoint as the bytes of a .safetensors file. */
export function encodeCheckpoint(of: CheckpointOf, { snapshot, content }: Checkpoint): Uint8Array {
  const { weights, slots, stepsTaken } = snapshot;
  const further = furtherShapesOf(of, (name) => slots[name]?.length);
  const tensors = Object.fromEntries(
    [...shapesOf(of), ...further].map(([name, shape]) => [
      name,
      { shape, values: (weights[name] ?? slots[name]) as Float32Array },
    ]),
  );
  const text = contentText({ ...content, stepsTaken });
  return encodeSafetensors(tensors, {
    format: FORMAT,
    version: VERSION,
    content: text,
    checksum: checksum(text, tensors),
  });
}

/** A checkpoint's file that is whole; whether it is that of a network, {@link snapshotOf} says. */
export interface CheckpointFile {
  readonly file: string;
  readonly tensors: StoredTensors;
  readonly content: CheckpointContent;
}

/**
 * Reads a checkpoint from the bytes of a file.
 *
 * @param file its name, for errors.
 * @throws BioflaxError naming the file, for one that is torn or damaged, that is no checkpoint, or that is of a format
 *   of another version.
 */
export function decodeCheckpoint(bytes: Uint8Array, file: string): CheckpointFile {
  const { tensors, metadata } = readSafetensors(bytes, file);
  checkFormat(metadata, file);
  const { content, checksum: expected } = metadata;
  if (typeof content !== "string" || checksum(content, tensors) !== expected)
    throw new BioflaxError(`${file}: it is damaged: its contents do not match their checksum.`);
  return { file, tensors, content: parseContent(content, file) };
}

function checkFormat({ format, version }: Safetensors["metadata"], file: string): void {
  if (format !== FORMAT)
    throw new BioflaxError(
      `${file}: expected a checkpoint of bioflax, received a file of other tensors.`,
    );
  if (version !== VERSION)
    throw new BioflaxError(
      `${file}: expected a checkpoint of format ${VERSION}, received one of format ${showValue(version)}. ` +
        "Resume it with the release of bioflax that made it.",
    );
}

function parseContent(text: string, file: string): CheckpointContent {
  try {
    return parseCheckpointContent(text);
  } catch {
    throw new BioflaxError(`${file}: it is damaged: what it says of the run makes no sense.`);
  }
}

/**
 * What training goes on from, in a checkpoint.
 *
 * @throws BioflaxError when its tensors are not exactly those of the network and the optimizer, naming every one.
 */
export function snapshotOf(
  { file, tensors, content }: CheckpointFile,
  of: CheckpointOf,
): TrainingSnapshot {
  const further = furtherShapesOf(of, (name) =>
    Object.hasOwn(tensors, name) ? tensors[name]?.values.length : undefined,
  );
  const shapes = new Map([...shapesOf(of), ...further]);
  const extra = Object.keys(tensors).filter((name) => !shapes.has(name));
  const problems = [...shapes].flatMap(([name, shape]) => {
    const found = Object.hasOwn(tensors, name) ? tensors[name]?.shape : undefined;
    if (found === undefined) {
      const guess = nearest(name, extra);
      return [
        `missing: ${name} ${showShape(shape)}${guess === undefined ? "" : `; is it ${printableName(guess, 60)}?`}`,
      ];
    }
    return showShape(found) === showShape(shape)
      ? []
      : [`shape: ${name} is ${printableName(showShape(found), 60)}, expected ${showShape(shape)}`];
  });
  problems.push(...extra.map((name) => `unknown: ${printableName(name, 60)}`));
  if (problems.length > 0)
    throw new BioflaxError(
      `${file}: expected a checkpoint of this run's network and optimizer, received another's.\n  ${showProblems(problems)}`,
    );
  const names = of.network.parameters.map(({ name }) => name);
  const valuesOf = (wanted: readonly string[]) =>
    Object.fromEntries(wanted.map((name) => [name, (tensors[name] as StoredTensor).values]));
  return {
    weights: valuesOf(names),
    slots: valuesOf([...shapes.keys()].slice(names.length)),
    stepsTaken: content.stepsTaken,
  };
}
