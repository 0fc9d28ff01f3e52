import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../../test/scratch";
import { SweepFolder } from "./sweep-folder";

const scratch = scratchFolder();

test("what a process that was killed was writing is gone before others write", async () => {
  const folder = await SweepFolder.create(join(scratch, "sweep"));
  mkdirSync(join(folder.path, "slurm"));
  for (const name of [".sweep.json.0123456789ab.tmp", "slurm/.tasks.json.0123456789ab.tmp"])
    writeFileSync(join(folder.path, name), "half");
  for (const name of ["sweep.json", ".notes", "slurm/tasks.json"])
    writeFileSync(join(folder.path, name), "whole");

  const names = await folder.exclusively(
    async () => ["", "slurm"].map((part) => readdirSync(join(folder.path, part)).sort()),
    {},
  );
  expect(names).toEqual([[".lock", ".notes", "runs", "slurm", "sweep.json"], ["tasks.json"]]);
});
