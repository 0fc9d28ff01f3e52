import { join } from "node:path";
import type { EpochRecord, RunStatus } from "@bioflax/runs";
import { readRunFile } from "@bioflax/runs/node";
import { ConfigError } from "../../resolve/resolve";
import type { Logger } from "../logger";
import type { Reporter, RunStart, TrainedRun } from "../reporter";
import { scalarsOf } from "../scalars";
import { MlflowClient } from "./client";
import { authorizationOf } from "./credentials";
import { type Metric, metricsOf, tagsAtEnd } from "./entities";
import { experimentId } from "./experiment";
import { MlflowError } from "./mlflow-error";
import { MlflowRun } from "./mlflow-run";
import { SendQueue } from "./send-queue";

/** Where a run is logged, and how patiently. */
export interface MlflowSetup {
  /** Of the server. */
  readonly url: string;
  /** The name of the experiment; made if it is not there. */
  readonly experiment: string;
  /** Where credentials are looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who is told what a person should know. */
  readonly reporter: Pick<Reporter, "warning" | "notice">;
  /** Milliseconds that an answer may take; 10 s when left out. */
  readonly timeout?: number;
  /**
   * Milliseconds after the run for what could not be sent before; 30 s when left out, but 5 s after an interruption.
   */
  readonly patience?: number;
}

/** Milliseconds that training waits for the server's first answer, at most. */
const FIRST_ANSWER = 3_000;
/** Milliseconds after a run for what is to be sent: a cluster kills what does not end soon after its signal. */
const PATIENCE: Readonly<Record<RunStatus, number>> = {
  done: 30_000,
  interrupted: 5_000,
  failed: 30_000,
};

const statuses: Readonly<Record<RunStatus, "FINISHED" | "KILLED" | "FAILED">> = {
  done: "FINISHED",
  interrupted: "KILLED",
  failed: "FAILED",
};

/** The files of a run folder that go to the server, where they are there. */
const artifacts = [
  "config.json",
  "metrics.jsonl",
  "summary.json",
  "report.html",
  "best.safetensors",
  "final.safetensors",
] as const;

/**
 * Sends a run to an MLflow server: parameters, tags, the measurements of each epoch, how it ended and its files.
 *
 * Training waits for none of it. What cannot be sent is kept and tried again after each epoch and at the end.
 */
export class MlflowLogger implements Logger {
  readonly #queue = new SendQueue((error) => this.#isLost(error));
  readonly #metrics: Metric[] = [];
  #run: MlflowRun | undefined;
  #start: RunStart | undefined;
  #hasWarned = false;
  readonly #warnings = new Set<string>();

  private constructor(
    private readonly setup: MlflowSetup,
    private readonly client: MlflowClient,
  ) {}

  /**
   * Makes sure that the server takes the run. One that cannot be reached now may be there again later.
   *
   * @throws ConfigError when there is no host of that name, what answers is no MLflow server, it refuses the
   *   credentials, or it has deleted the experiment.
   */
  static async connect(setup: MlflowSetup): Promise<MlflowLogger> {
    const { url, experiment, env, timeout = 10_000 } = setup;
    const server = { url, authorization: authorizationOf(env) };
    const logger = new MlflowLogger(setup, new MlflowClient({ ...server, timeout }));
    try {
      const first = new MlflowClient({ ...server, timeout: Math.min(timeout, FIRST_ANSWER) });
      await experimentId(first, experiment);
    } catch (error) {
      if (!(error instanceof MlflowError)) throw error;
      if (error.failure !== "unreachable") throw cannotUse(url, error);
      logger.#isLost(error);
    }
    return logger;
  }

  started(start: RunStart): void {
    const { url, experiment, reporter } = this.setup;
    const run = new MlflowRun(this.client, { url, experiment }, start);
    this.#start = start;
    this.#run = run;
    this.#queue.push(async () => {
      await run.open();
      reporter.notice?.(`mlflow ${run.page}`);
    });
    this.#push((open) => open.logParams());
  }

  /** Adds what a run is sent once it has a place on the server; without one it is left out. */
  #push(job: (run: MlflowRun) => Promise<void>): void {
    const run = this.#run;
    this.#queue.push(async () => {
      if (run?.isOpen) await job(run);
    });
  }

  epochFinished(record: EpochRecord): void {
    const { config } = this.#start as RunStart;
    this.#metrics.push(...metricsOf(scalarsOf(record, config), record.epoch, Date.now()));
    this.#push((run) => run.logMetrics(this.#metrics));
  }

  async finished({ folder, summary }: TrainedRun): Promise<void> {
    if (this.#run === undefined) return;
    const now = Date.now();
    this.#push((run) => run.end(statuses[summary.status], tagsAtEnd(summary), now));
    for (const name of artifacts)
      this.#push(async (run) => {
        if (run.storesFiles) await this.#sendFile(run, folder, name);
      });
    await this.#flush(folder, this.setup.patience ?? PATIENCE[summary.status]);
    // What is given up has been told of.
    this.#hasWarned = true;
    this.client.giveUp();
  }

  failed(run: TrainedRun): Promise<void> {
    return this.finished(run);
  }

  async #sendFile(run: MlflowRun, folder: string, name: string): Promise<void> {
    const data = await readRunFile(join(folder, name)).catch(() => undefined);
    if (data !== undefined) await this.client.putArtifact(run.artifactRoot, name, data);
  }

  async #flush(folder: string, patience: number): Promise<void> {
    const { reporter } = this.setup;
    const run = this.#run;
    const left = await this.#queue.drain(patience, () =>
      reporter.notice?.(
        `mlflow does not have everything yet; trying for ${patience / 1000} s more. The run is saved: press Ctrl-C twice to stop`,
      ),
    );
    if (left > 0) this.#warn(`not everything could be sent. The run is complete in ${folder}`);
    else if (this.#hasWarned && run?.isOpen)
      reporter.notice?.(`mlflow ${run.page}: what was kept has been sent`);
    if (run?.isOpen && !run.storesFiles)
      reporter.notice?.(
        `mlflow keeps files in ${run.artifactRoot}; those of the run stay in ${folder}`,
      );
  }

  /** Whether an error would come again. Warns of it: once for all that may pass, once for each other. */
  #isLost(error: unknown): boolean {
    const mayPass = error instanceof MlflowError && error.failure !== "refused";
    const { message } = error as Error;
    if (!mayPass) {
      this.#warn(message);
    } else if (!this.#hasWarned) {
      this.#hasWarned = true;
      this.#warn(`${message}. The run goes on; what there is to send is kept and tried again`);
    }
    return !mayPass;
  }

  #warn(what: string): void {
    if (this.#warnings.has(what)) return;
    this.#warnings.add(what);
    this.setup.reporter.warning?.(`--mlflow ${this.setup.url}: ${what.replace(/\.$/, "")}.`);
  }
}

const remedies: Readonly<Record<string, string>> = {
  unknownHost: "Check the URL",
  untrusted: "Name the file of its authority's certificate in NODE_EXTRA_CA_CERTS",
  foreign: "Check the URL: it is that of the start page of the MLflow server",
  denied:
    "Set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to credentials that may write there",
};

function cannotUse(url: string, { message, failure }: MlflowError): ConfigError {
  const remedy = remedies[failure];
  return new ConfigError([
    `--mlflow ${url}: expected an MLflow server, but ${message}.${remedy === undefined ? "" : ` ${remedy}.`}`,
  ]);
}
