import type { Dataset } from "@bioflax/datasets";
import type { Settings } from "../settings/settings";
import { loadDigits } from "./digits";
import { drawnDataset, isDrawn } from "./experiment";
import { datasetOfTable, type Table } from "./table";

/** What the data of a run are made of beside its settings. */
export interface Given {
  /** Where the file of digits is. */
  readonly digits: string;
  /** Data of one's own. */
  readonly table?: Table | undefined;
}

/** The data of a run. @throws Error where they cannot be had. */
export async function datasetOf(settings: Settings, { digits, table }: Given): Promise<Dataset> {
  const { data } = settings;
  if (isDrawn(data)) return drawnDataset(data, settings);
  if (data === "digits") return loadDigits(digits);
  if (table === undefined) throw new Error("Paste a table or choose a file, under Data.");
  return datasetOfTable(table);
}
