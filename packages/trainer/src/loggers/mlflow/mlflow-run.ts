import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readRunFile, writeAtomically } from "@bioflax/runs/node";
import type { RunStart } from "../reporter";
import type { MlflowClient } from "./client";
import { type Entry, type Metric, paramsOf, tagsAtStart } from "./entities";
import { experimentId } from "./experiment";
import { MlflowError } from "./mlflow-error";

/** The file of a run folder that says which of the server's runs is its own. */
const FILE = "mlflow.json";
/** How many of each MLflow takes at once. */
const [PARAMS_AT_ONCE, METRICS_AT_ONCE] = [100, 1000];

interface RunInfo {
  readonly run_id: string;
  readonly experiment_id: string;
  readonly artifact_uri: string;
}

/** A run on the server. Everything it sends may be sent twice: the server then has it once. */
export class MlflowRun {
  /** By which a run is found again that was made although its answer was lost. */
  readonly #mark = randomUUID();
  #info: RunInfo | undefined;
  #wasTried = false;
  readonly #startTime = Date.now();
  #isNew = false;

  constructor(
    private readonly client: MlflowClient,
    private readonly server: { readonly url: string; readonly experiment: string },
    private readonly start: RunStart,
  ) {}

  /** The page of the run. */
  get page(): string {
    const { experiment_id, run_id } = this.#known;
    return `${this.server.url.replace(/\/+$/, "")}/#/experiments/${experiment_id}/runs/${run_id}`;
  }

  /** Where its files go. */
  get artifactRoot(): string {
    return this.#known.artifact_uri;
  }

  /** Whether the server itself takes its files; else their place is one only its own programs can write to. */
  get storesFiles(): boolean {
    return this.artifactRoot.startsWith("mlflow-artifacts:");
  }

  get #known(): RunInfo {
    if (this.#info === undefined) throw new Error("The run has no place on the server yet.");
    return this.#info;
  }

  /** Whether it has a place on the server. */
  get isOpen(): boolean {
    return this.#info !== undefined;
  }

  /** Makes the run; a run folder that is trained on goes on with the run it has. */
  async open(): Promise<void> {
    this.#info = await this.#takeUp();
    if (this.#info !== undefined) return;
    const { url, experiment } = this.server;
    const id = await experimentId(this.client, experiment);
    this.#info = (await this.#find(id)) ?? (await this.#create(id));
    this.#isNew = true;
    const file = { url, experimentId: id, runId: this.#info.run_id };
    await writeAtomically(join(this.start.folder, FILE), `${JSON.stringify(file, null, 2)}\n`);
  }

  async #takeUp(): Promise<RunInfo | undefined> {
    const { folder, resumed } = this.start;
    if (resumed === undefined) return undefined;
    const kept = await readRunFile(join(folder, FILE))
      .then((bytes) => JSON.parse(String(bytes)) as { url?: string; runId?: string })
      .catch(() => ({ url: undefined, runId: undefined }));
    if (kept.runId === undefined || kept.url !== this.server.url) return undefined;
    try {
      await this.client.post("runs/update", { run_id: kept.runId, status: "RUNNING" });
      return infoOf(await this.client.get("runs/get", { run_id: kept.runId }));
    } catch (error) {
      // Deleted there since: a new one takes its place.
      if (error instanceof MlflowError && error.failure === "refused") return undefined;
      throw error;
    }
  }

  async #create(experiment: string): Promise<RunInfo> {
    this.#wasTried = true;
    const tags = [...tagsAtStart(this.start), { key: "bioflax.id", value: this.#mark }];
    const name = tags.find(({ key }) => key === "mlflow.runName")?.value;
    return infoOf(
      await this.client.post("runs/create", {
        experiment_id: experiment,
        run_name: name,
        start_time: this.#startTime,
        tags,
      }),
    );
  }

  async #find(experiment: string): Promise<RunInfo | undefined> {
    if (!this.#wasTried) return undefined;
    const { runs: [run] = [] } = (await this.client.post("runs/search", {
      experiment_ids: [experiment],
      filter: `tags."bioflax.id" = '${this.#mark}'`,
    })) as { runs?: unknown[] };
    return run === undefined ? undefined : infoOf({ run });
  }

  #log(batch: { params?: Entry[]; metrics?: Metric[]; tags?: Entry[] }): Promise<unknown> {
    return this.client.post("runs/log-batch", { run_id: this.#known.run_id, ...batch });
  }

  /** Sends the settings. A run that goes on has them: on the server they cannot change. */
  async logParams(): Promise<void> {
    if (!this.#isNew) return;
    const params = paramsOf(this.start.config);
    for (let i = 0; i < params.length; i += PARAMS_AT_ONCE)
      await this.#log({ params: params.slice(i, i + PARAMS_AT_ONCE) });
  }

  /** Sends measurements; those that have arrived, or are refused, are taken out of the list. */
  async logMetrics(metrics: Metric[]): Promise<void> {
    while (metrics.length > 0) {
      const batch = metrics.slice(0, METRICS_AT_ONCE);
      try {
        await this.#log({ metrics: batch });
      } catch (error) {
        if (error instanceof MlflowError && error.failure === "refused")
          metrics.splice(0, batch.length);
        throw error;
      }
      metrics.splice(0, batch.length);
    }
  }

  /** Says how the run has ended. */
  async end(status: "FINISHED" | "KILLED" | "FAILED", tags: Entry[], time: number): Promise<void> {
    await this.#log({ tags });
    await this.client.post("runs/update", { run_id: this.#known.run_id, status, end_time: time });
  }
}

/** What an answer says of a run. @throws MlflowError when it doesn't. */
function infoOf(answer: unknown): RunInfo {
  const info = (answer as { run?: { info?: Partial<RunInfo> } }).run?.info;
  const { run_id, experiment_id, artifact_uri } = info ?? {};
  if (run_id === undefined || experiment_id === undefined || artifact_uri === undefined)
    throw new MlflowError("it answered without a run, not as an MLflow server does", "foreign");
  return { run_id, experiment_id, artifact_uri };
}
