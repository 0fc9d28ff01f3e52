/**
 * Who is asking, by the environment variables MLflow's own clients read: `MLFLOW_TRACKING_USERNAME` with
 * `MLFLOW_TRACKING_PASSWORD`, else `MLFLOW_TRACKING_TOKEN`.
 *
 * @returns the value of the header `Authorization`; undefined where none is set.
 */
export function authorizationOf(
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const {
    MLFLOW_TRACKING_USERNAME: name,
    MLFLOW_TRACKING_PASSWORD: password,
    MLFLOW_TRACKING_TOKEN: token,
  } = env;
  if (name && password) return `Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`;
  return token ? `Bearer ${token}` : undefined;
}
