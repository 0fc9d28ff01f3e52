import type { Config } from "../config/schema";
import type { Logger } from "./logger";
import type { Reporter } from "./reporter";

/**
 * A reporter that also keeps what it is told, as the settings ask: in TensorBoard's event files, on an MLflow server.
 *
 * A log that fails never ends a run: it is left out from there on, and a warning says why.
 *
 * @param reporter who is told as well; told of each epoch before it is kept, and of the end after.
 * @throws ConfigError when the MLflow server refuses.
 */
export async function withLoggers(reporter: Reporter, config: Config): Promise<Reporter> {
  let loggers = await createLoggers(reporter, config);
  const toAll = async (tell: (logger: Logger) => void | Promise<void>) => {
    for (const logger of loggers) {
      try {
        await tell(logger);
      } catch (error) {
        loggers = loggers.filter((other) => other !== logger);
        const { message } = error as Error;
        reporter.warning?.(`${message} The run goes on without this log.`);
      }
    }
  };
  return {
    warning: (message) => reporter.warning?.(message),
    notice: (message) => reporter.notice?.(message),
    downloading: (progress) => reporter.downloading?.(progress),
    async started(start) {
      await reporter.started?.(start);
      await toAll((logger) => logger.started(start));
    },
    epochStarted: (epoch, examples) => reporter.epochStarted?.(epoch, examples),
    progress: (examples) => reporter.progress?.(examples),
    evaluating: () => reporter.evaluating?.(),
    diagnosing: (what) => reporter.diagnosing?.(what),
    async epochFinished(record, network) {
      await reporter.epochFinished?.(record, network);
      await toAll((logger) => logger.epochFinished(record, network));
    },
    async finished(run) {
      await toAll((logger) => logger.finished(run));
      await reporter.finished?.(run);
    },
    async failed(run) {
      await toAll((logger) => logger.failed(run));
      await reporter.failed?.(run);
    },
  };
}

/** The loggers that are asked for, each loaded only then. */
async function createLoggers(
  reporter: Reporter,
  { tensorboard, mlflow, mlflowExperiment }: Config,
): Promise<Logger[]> {
  const loggers: Logger[] = [];
  if (mlflow !== undefined) {
    const { MlflowLogger } = await import("./mlflow/mlflow-logger");
    const { env } = process;
    loggers.push(
      await MlflowLogger.connect({ url: mlflow, experiment: mlflowExperiment, env, reporter }),
    );
  }
  if (tensorboard) {
    const { TensorboardLogger } = await import("./tensorboard/tensorboard-logger");
    loggers.push(new TensorboardLogger());
  }
  return loggers;
}
