// PJRT's C interface, after openxla/xla's xla/pjrt/c/pjrt_c_api.h: which function stands where in the table of
// functions, and what fields its struct of arguments has. Within major version 0 functions and fields are only ever
// added, at the end.
import koffi, { type TypeObject } from "koffi";

/** The interface's major version, whose layouts these are. */
export const API_MAJOR = 0;
/** The oldest minor version that has every function used here, with these fields. */
export const OLDEST_API_MINOR = 33;

/**
 * Where the version lies in what `GetPjrtApi` returns, after its own size, extensions, and the version struct's size
 * and extensions.
 */
export const VERSION_OFFSET = 32;
/** Where the table of functions begins. */
const TABLE_OFFSET = 40;

/** The functions in the order of the table, as far as they are used. */
const table = [
  ...["Error_Destroy", "Error_Message", "Error_GetCode"],
  ...["Plugin_Initialize", "Plugin_Attributes"],
  ...["Event_Destroy", "Event_IsReady", "Event_Error", "Event_Await", "Event_OnReady"],
  ...["Client_Create", "Client_Destroy", "Client_PlatformName", "Client_ProcessIndex"],
  ...["Client_PlatformVersion", "Client_Devices", "Client_AddressableDevices"],
  ...["Client_LookupDevice", "Client_LookupAddressableDevice", "Client_AddressableMemories"],
  ...["Client_Compile", "Client_DefaultDeviceAssignment", "Client_BufferFromHostBuffer"],
  ...["DeviceDescription_Id", "DeviceDescription_ProcessIndex", "DeviceDescription_Attributes"],
  ...["DeviceDescription_Kind", "DeviceDescription_DebugString", "DeviceDescription_ToString"],
  ...["Device_GetDescription", "Device_IsAddressable", "Device_LocalHardwareId"],
  ...["Device_AddressableMemories", "Device_DefaultMemory", "Device_MemoryStats"],
  ...["Memory_Id", "Memory_Kind", "Memory_DebugString", "Memory_ToString"],
  ...["Memory_AddressableByDevices"],
  ...["Executable_Destroy", "Executable_Name", "Executable_NumReplicas"],
  ...["Executable_NumPartitions", "Executable_NumOutputs", "Executable_SizeOfGeneratedCode"],
  ...["Executable_GetCostAnalysis", "Executable_OutputMemoryKinds"],
  ...["Executable_OptimizedProgram", "Executable_Serialize"],
  ...["LoadedExecutable_Destroy", "LoadedExecutable_GetExecutable"],
  ...["LoadedExecutable_AddressableDevices", "LoadedExecutable_Delete"],
  ...["LoadedExecutable_IsDeleted", "LoadedExecutable_Execute"],
  ...["Executable_DeserializeAndLoad", "LoadedExecutable_Fingerprint"],
  ...["Buffer_Destroy", "Buffer_ElementType", "Buffer_Dimensions", "Buffer_UnpaddedDimensions"],
  ...["Buffer_DynamicDimensionIndices", "Buffer_GetMemoryLayout", "Buffer_OnDeviceSizeInBytes"],
  ...["Buffer_Device", "Buffer_Memory", "Buffer_Delete", "Buffer_IsDeleted"],
  ...["Buffer_CopyToDevice", "Buffer_ToHostBuffer"],
];

type FieldType = "pointer" | "size" | "int" | "int64" | "bool";
const koffiTypes: Record<FieldType, string> = {
  pointer: "void *",
  size: "size_t",
  int: "int",
  int64: "int64_t",
  bool: "bool",
};
type Fields = Readonly<Record<string, FieldType>>;

/** A text that a plugin owns. */
const text = { text: "pointer", length: "size" } as const;

/** The arguments of each function, after the size and the extensions that every struct begins with. */
const argumentFields = {
  Error_Destroy: { error: "pointer" },
  Error_Message: { error: "pointer", ...text },
  Error_GetCode: { error: "pointer", code: "int" },
  Plugin_Initialize: {},
  Plugin_Attributes: { attributes: "pointer", count: "size" },
  Event_Destroy: { event: "pointer" },
  Event_IsReady: { event: "pointer", isReady: "bool" },
  Event_Await: { event: "pointer" },
  Client_Create: {
    ...{ options: "pointer", optionCount: "size" },
    ...{ keyValueGet: "pointer", keyValueGetArgument: "pointer" },
    ...{ keyValuePut: "pointer", keyValuePutArgument: "pointer" },
    client: "pointer",
    ...{ keyValueTryGet: "pointer", keyValueTryGetArgument: "pointer" },
  },
  Client_Destroy: { client: "pointer" },
  Client_PlatformName: { client: "pointer", ...text },
  Client_PlatformVersion: { client: "pointer", ...text },
  Client_Devices: { client: "pointer", devices: "pointer", count: "size" },
  Client_Compile: {
    ...{ client: "pointer", program: "pointer" },
    ...{ options: "pointer", optionsLength: "size" },
    executable: "pointer",
  },
  Client_BufferFromHostBuffer: {
    ...{ client: "pointer", data: "pointer", type: "int" },
    ...{ dimensions: "pointer", rank: "size", strides: "pointer", strideCount: "size" },
    ...{ semantics: "int", device: "pointer", memory: "pointer", layout: "pointer" },
    ...{ doneWithHostBuffer: "pointer", buffer: "pointer" },
  },
  DeviceDescription_Id: { description: "pointer", id: "int" },
  DeviceDescription_Kind: { description: "pointer", ...text },
  DeviceDescription_DebugString: { description: "pointer", ...text },
  DeviceDescription_ToString: { description: "pointer", ...text },
  Device_GetDescription: { device: "pointer", description: "pointer" },
  Device_IsAddressable: { device: "pointer", isAddressable: "bool" },
  Executable_Destroy: { executable: "pointer" },
  Executable_Name: { executable: "pointer", ...text },
  Executable_NumOutputs: { executable: "pointer", count: "size" },
  Executable_Serialize: {
    ...{ executable: "pointer", bytes: "pointer", length: "size" },
    ...{ serialized: "pointer", deleter: "pointer" },
  },
  Executable_DeserializeAndLoad: {
    ...{ client: "pointer", bytes: "pointer", length: "size", executable: "pointer" },
    ...{ options: "pointer", optionsLength: "size" },
  },
  LoadedExecutable_Destroy: { executable: "pointer" },
  LoadedExecutable_GetExecutable: { loaded: "pointer", executable: "pointer" },
  LoadedExecutable_Execute: {
    ...{ executable: "pointer", options: "pointer" },
    ...{ inputLists: "pointer", deviceCount: "size", inputCount: "size" },
    ...{ outputLists: "pointer", events: "pointer", device: "pointer" },
  },
  Buffer_Destroy: { buffer: "pointer" },
  Buffer_ElementType: { buffer: "pointer", type: "int" },
  Buffer_Dimensions: { buffer: "pointer", dimensions: "pointer", rank: "size" },
  Buffer_Device: { buffer: "pointer", device: "pointer" },
  Buffer_IsDeleted: { buffer: "pointer", isDeleted: "bool" },
  Buffer_ToHostBuffer: {
    ...{ buffer: "pointer", layout: "pointer", data: "pointer", length: "size" },
    event: "pointer",
  },
} as const satisfies Record<string, Fields>;

/** Structs that arguments point to. */
const otherFields = {
  Program: {
    ...{ code: "pointer", length: "size", format: "pointer", formatLength: "size" },
  },
  ExecuteOptions: {
    ...{ sendCallbacks: "pointer", receiveCallbacks: "pointer" },
    ...{ sendCount: "size", receiveCount: "size", launchId: "int" },
    ...{ notDonated: "pointer", notDonatedCount: "size", context: "pointer" },
    callLocation: "pointer",
    ...{ taskCount: "size", taskIds: "pointer", incarnationIds: "pointer" },
  },
  /** The tiled kind. Its own size and extensions come once more, of the struct in its union. */
  MemoryLayout: {
    ...{ tiledSize: "size", tiledExtensions: "pointer" },
    ...{ minorToMajor: "pointer", rank: "size" },
    ...{ tileDimensions: "pointer", tileSizes: "pointer", tileCount: "size", kind: "int" },
  },
  NamedValue: {
    ...{ name: "pointer", nameLength: "size", type: "int", value: "int64", valueLength: "size" },
  },
} as const satisfies Record<string, Fields>;

/** A function of the interface, without its `PJRT_`. */
export type FunctionName = keyof typeof argumentFields;
/** A struct that arguments point to, without its `PJRT_`. */
export type StructName = keyof typeof otherFields;

type ValueOf<T extends FieldType> = T extends "pointer"
  ? bigint | null
  : T extends "bool"
    ? boolean
    : number;
type Struct<F extends Fields> = { -readonly [K in keyof F]: ValueOf<F[K]> };

/** The arguments of a function, which hold its results too once it was called. */
export type Arguments<F extends FunctionName> = Struct<(typeof argumentFields)[F]>;

interface Layout {
  readonly type: TypeObject;
  /**
   * The fields' values where none are given, with the size that the interface counts: up to the end of the last field.
   */
  readonly blank: Readonly<Record<string, unknown>>;
}

function layoutOf(fields: Fields): Layout {
  const names = Object.keys(fields);
  const members: Record<string, string> = { size: "size_t", extensions: "void *" };
  const blank: Record<string, unknown> = { size: 0, extensions: null };
  for (const name of names) {
    const field = fields[name] as FieldType;
    members[name] = koffiTypes[field];
    blank[name] = field === "pointer" ? null : field === "bool" ? false : 0;
  }
  const type = koffi.struct(members);
  const last = names.at(-1) ?? "extensions";
  blank.size = koffi.offsetof(type, last) + koffi.sizeof(members[last] as string);
  return { type, blank };
}

const layouts = new Map<Fields, Layout>();
function layout(fields: Fields): Layout {
  const known = layouts.get(fields) ?? layoutOf(fields);
  layouts.set(fields, known);
  return known;
}

/** A function's place in the table, in bytes from the beginning of what `GetPjrtApi` returns. */
export const offsetOf = (name: FunctionName): number => TABLE_OFFSET + 8 * table.indexOf(name);

/** The layout of a function's arguments. */
export const argumentsLayout = (name: FunctionName): Layout => layout(argumentFields[name]);

/** A struct in memory of its own, for an argument to point to. */
export function nativeStruct<S extends StructName>(
  name: S,
  values: Partial<Struct<(typeof otherFields)[S]>>,
): Uint8Array {
  const { type, blank } = layout(otherFields[name]);
  const memory = new Uint8Array(koffi.sizeof(type));
  koffi.encode(memory, type, { ...blank, ...values });
  return memory;
}

/** Reads structs that lie one after another, as far apart as they say they are long. */
export function readStructs<S extends StructName>(
  name: S,
  pointer: bigint,
  count: number,
): Struct<(typeof otherFields)[S]>[] {
  const { type } = layout(otherFields[name]);
  const read = [];
  for (let index = 0, offset = 0; index < count; index++) {
    const one = koffi.decode(pointer, offset, type);
    // The size it says ends with its last field; the next one begins at a multiple of eight.
    offset += Math.ceil(one.size / 8) * 8;
    read.push(one);
  }
  return read;
}
