import { getModel } from "@bioflax/core";

/** Whether a run's architecture can be told something, such as `dropout`. */
export function takesSetting({ model }: { readonly model: string }, setting: string): boolean {
  return setting in getModel(model).options;
}
