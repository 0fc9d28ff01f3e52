import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A Python that has Optuna: of BIOFLAX_OPTUNA_PYTHON, of the environment that `pnpm --filter @bioflax/trainer run
 * check-optuna` makes, or the system's; undefined where there is none.
 */
export const pythonWithOptuna = [
  process.env.BIOFLAX_OPTUNA_PYTHON,
  join(tmpdir(), "bioflax-python-optuna", "bin", "python"),
  "python3",
].find((python) => python !== undefined && spawnSync(python, ["-c", "import optuna"]).status === 0);
