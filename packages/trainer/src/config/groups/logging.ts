import { flag, serverUrl, text } from "../kinds";
import { setting } from "../setting-notes";

/** Where the course of a run is kept beside its folder's own files. */
export const logging = () => ({
  tensorboard: setting(flag().default(true), {
    group: "Logging",
    resumable: true,
    description:
      "write TensorBoard's event files, in the folder tensorboard of the run: curves, weight histograms, sample predictions",
  }),
  mlflow: setting(serverUrl().optional(), {
    group: "Logging",
    resumable: true,
    description:
      "MLflow server to send the run to; credentials come from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
    placeholder: "url",
  }),
  mlflowExperiment: setting(text("the name of an experiment").default("bioflax"), {
    group: "Logging",
    resumable: true,
    description: "experiment of the MLflow server that the run belongs to",
    placeholder: "name",
  }),
});
