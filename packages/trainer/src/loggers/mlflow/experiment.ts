import type { MlflowClient } from "./client";
import { MlflowError } from "./mlflow-error";

/**
 * The id of an experiment, which is made if it is not there.
 *
 * @throws MlflowError when the server cannot be reached, wants other credentials, is none, or has deleted the
 *   experiment.
 */
export async function experimentId(client: MlflowClient, name: string): Promise<string> {
  return (await find(client, name)) ?? (await make(client, name));
}

async function find(client: MlflowClient, name: string): Promise<string | undefined> {
  try {
    const { experiment } = (await client.get("experiments/get-by-name", {
      experiment_name: name,
    })) as { experiment?: { experiment_id?: string; lifecycle_stage?: string } };
    if (experiment?.lifecycle_stage === "deleted")
      throw new MlflowError(
        `its experiment ${name} has been deleted. Restore it there, or choose another --mlflow-experiment`,
        "refused",
      );
    return checked(experiment?.experiment_id);
  } catch (error) {
    if (error instanceof MlflowError && error.code === "RESOURCE_DOES_NOT_EXIST") return undefined;
    throw error;
  }
}

async function make(client: MlflowClient, name: string): Promise<string> {
  try {
    const { experiment_id } = (await client.post("experiments/create", { name })) as {
      experiment_id?: string;
    };
    return checked(experiment_id);
  } catch (error) {
    // Another run was faster.
    const found =
      error instanceof MlflowError && error.code === "RESOURCE_ALREADY_EXISTS"
        ? await find(client, name)
        : undefined;
    if (found !== undefined) return found;
    throw error;
  }
}

function checked(id: unknown): string {
  if (typeof id === "string") return id;
  throw new MlflowError(
    "it answered without an experiment, not as an MLflow server does",
    "foreign",
  );
}
