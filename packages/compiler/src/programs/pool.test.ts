import { expect, test } from "@jest/globals";
import { Pool } from "./pool";

test("one is made a name, also when two ask at once; what could not be made is made anew", async () => {
  const pool = new Pool<number>();
  let made = 0;
  const make = async () => {
    made++;
    if (made === 1) throw new Error("not yet");
    return made;
  };
  await expect(pool.get("a", make)).rejects.toThrow("not yet");
  expect(await Promise.all([pool.get("a", make), pool.get("a", make)])).toEqual([2, 2]);
  expect(await pool.get("b", make)).toBe(3);
});

test("all that were made are freed, once", async () => {
  const pool = new Pool<string>();
  pool.get("broken", async () => Promise.reject(new Error("broken")));
  pool.get("a", async () => "a");
  pool.get("b", async () => "b");
  const freed: string[] = [];
  await pool.release(
    (made) => void freed.push(made),
    (name) => name === "b",
  );
  expect(freed).toEqual(["b"]);
  await pool.release((made) => void freed.push(made));
  await pool.release((made) => void freed.push(made));
  expect(freed).toEqual(["b", "a"]);
});
