import { userInfo } from "node:os";
import { basename, resolve } from "node:path";
import type { Summary } from "@bioflax/runs";
import { bioflaxVersion } from "../../base/version";
import type { Config } from "../../config/schema";
import type { RunStart } from "../reporter";

/** A tag or a parameter, as MLflow takes it. */
export interface Entry {
  readonly key: string;
  readonly value: string;
}

/** A measurement, as MLflow takes it; its JSON has no numbers that are not finite. */
export interface Metric {
  readonly key: string;
  readonly value: number | "NaN" | "Infinity" | "-Infinity";
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** The longest values that all servers take, older ones included. */
const [PARAM_LENGTH, TAG_LENGTH] = [500, 5000];

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

function entries(values: Readonly<Record<string, unknown>>, length: number): Entry[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => ({ key, value: cut([value].flat().join(" "), length) }));
}

/**
 * The settings of a run, but for where it is kept; those that are not set left out. An empty list is said to be `none`.
 */
export function paramsOf({
  out: _out,
  tensorboard: _tensorboard,
  mlflow: _mlflow,
  mlflowExperiment: _experiment,
  ...settings
}: Config): Entry[] {
  const named = Object.entries(settings).map(([key, value]) => [
    key,
    Array.isArray(value) && value.length === 0 ? "none" : value,
  ]);
  return entries(Object.fromEntries(named), PARAM_LENGTH);
}

/** What is known of a run when it starts; MLflow itself shows those that begin with `mlflow.`. */
export function tagsAtStart({ folder, engine, device, threads }: RunStart): Entry[] {
  return entries(
    {
      "mlflow.runName": basename(folder),
      "mlflow.source.name": "bioflax train",
      "mlflow.source.type": "LOCAL",
      "mlflow.user": user(),
      "bioflax.version": bioflaxVersion,
      "bioflax.engine": engine,
      "bioflax.device": device,
      "bioflax.threads": threads,
      "bioflax.folder": resolve(folder),
    },
    TAG_LENGTH,
  );
}

/** What is known of a run when it has ended. */
export function tagsAtEnd({ status, error, best, versions }: Summary): Entry[] {
  const computing = Object.entries(versions).filter(([name]) => name !== "bioflax");
  return entries(
    {
      "bioflax.status": status,
      "bioflax.error": error,
      "bioflax.bestEpoch": best?.epoch,
      ...Object.fromEntries(
        computing.map(([name, version]) => [`bioflax.versions.${name}`, version]),
      ),
    },
    TAG_LENGTH,
  );
}

/** The measurements of an epoch. */
export function metricsOf(
  scalars: Readonly<Record<string, number>>,
  step: number,
  timestamp: number,
): Metric[] {
  return Object.entries(scalars).map(([key, value]) => ({
    key,
    value: Number.isFinite(value) ? value : (String(value) as Metric["value"]),
    timestamp,
    step,
  }));
}

/** Whose process this is; a container may not know. */
function user(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}
