import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  addUser,
  type FetchOptions,
  fetchWheels,
  hasWheels,
  type Progress,
  removeUser,
  type Wheel,
  WheelError,
} from "../src/index";
import { Staging } from "../src/staging";
import { requirementsOf } from "../src/wheel";
import { newFolder, pip } from "./programs";

const DIGEST = "0".repeat(64);
const wheels: readonly Wheel[] = [{ name: "some", version: "1", digests: [DIGEST] }];
/** Where the folder to install to and the requirements are among pip's arguments, as a script sees them. */
const TARGET = "$5";
const REQUIREMENTS = "$7";
/** A pip that makes a file of what it is asked for. */
const works = () => pip(`mkdir -p "${TARGET}/some"; cp "${REQUIREMENTS}" "${TARGET}/some/file"`);

const caught = async (work: () => Promise<unknown>): Promise<WheelError> => {
  const error = await work().then(
    () => new Error("nothing was thrown"),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(WheelError);
  return error;
};
/** What is in the way of wheels, where pip does what a script says. */
const failure = (script: string, target: string, options: FetchOptions = {}, wanted = wheels) =>
  caught(() => fetchWheels(wanted, target, { python: pip(script), ...options }));

test("wheels are named to pip with their extras and the digests of all their files", () => {
  expect(
    requirementsOf([
      { name: "a", version: "1.0", digests: ["x", "y"] },
      { name: "b", version: "2", extras: ["c", "d"] },
    ]),
  ).toBe("a==1.0 --hash=sha256:x --hash=sha256:y\nb[c,d]==2\n");
});

describe("wheels", () => {
  test("appear all together, and are fetched once; progress is told in bytes", async () => {
    const target = join(newFolder(), "deep/some-1");
    const told: Progress[] = [];
    const python = pip(
      `mkdir -p "${TARGET}/some" "$TMPDIR/pip-unpack-x"; cp "${REQUIREMENTS}" "${TARGET}/some/file"; ` +
        `printf 1234 >"$TMPDIR/pip-unpack-x/some.whl"; echo "Downloading some-1-py3-none-any.whl (1.5 MB)"; sleep 1`,
    );
    expect(hasWheels(target)).toBe(false);
    await fetchWheels(wheels, target, { python, onProgress: (progress) => told.push(progress) });
    expect(readFileSync(join(target, "some/file"), "utf8")).toBe(requirementsOf(wheels));
    const what = "downloads some-1-py3-none-any.whl";
    expect(told[0]).toEqual({ what: "fetches some 1 from PyPI" });
    expect(told).toContainEqual({ what, done: 4, total: 1.5e6 });
    expect(readdirSync(dirname(target))).toEqual(["some-1"]);
    expect(hasWheels(target) && hasWheels(target, wheels)).toBe(true);
    await fetchWheels(wheels, target, { python: pip("exit 1") });
  });

  test("that others take the place of go, but who uses them stays", async () => {
    const target = join(newFolder(), "some");
    await fetchWheels(wheels, target, { python: works() });
    writeFileSync(join(target, "old"), "");
    addUser(target, target);
    const others: readonly Wheel[] = [{ name: "some", version: "2" }];
    expect(hasWheels(target, others)).toBe(false);
    await fetchWheels(others, target, { python: works() });
    expect(readdirSync(target).sort()).toEqual([".complete", ".users", "some"]);
    expect(hasWheels(target, others)).toBe(true);
    expect(removeUser(target, "another")).toBe(false);
  });

  test("that pip cannot fetch leave what was there", async () => {
    const target = join(newFolder(), "some");
    await fetchWheels(wheels, target, { python: works() });
    const before = statSync(join(target, "some/file"));
    const others: readonly Wheel[] = [{ name: "some", version: "2" }];
    await failure(`mkdir -p "${TARGET}/half"; exit 1`, target, {}, others);
    expect(statSync(join(target, "some/file"))).toMatchObject({ ino: before.ino });
    expect(hasWheels(target, wheels)).toBe(true);
    expect(readdirSync(dirname(target))).toEqual(["some"]);
  });

  test("that another process fetched meanwhile are left as they are", async () => {
    const target = join(newFolder(), "some");
    const quicker = `mkdir "${target}"; echo quicker >"${target}/file"; cp "${REQUIREMENTS}" "${target}/.complete"`;
    await fetchWheels(wheels, target, { python: pip(quicker) });
    expect(readFileSync(join(target, "file"), "utf8")).toBe("quicker\n");
    expect(readdirSync(dirname(target))).toEqual(["some"]);
    rmSync(target, { recursive: true });
    await fetchWheels(wheels, target, { python: pip(`${quicker}; exit 1`) });
    expect(readdirSync(dirname(target))).toEqual(["some"]);
  });

  test("that cannot be put in their place leave what was there", () => {
    const parent = newFolder();
    writeFileSync(join(parent, "some"), "was there");
    const staging = new Staging(parent);
    expect(() => staging.place(join(staging.path, "none"), join(parent, "some"))).toThrow("ENOENT");
    staging.remove();
    expect(readdirSync(parent)).toEqual(["some"]);
    expect(readFileSync(join(parent, "some"), "utf8")).toBe("was there");
  });

  test.each([
    [
      "WARNING: Retrying after NewConnectionError\nERROR: Could not find a version",
      "network",
      "PyPI or a mirror of it",
    ],
    ["OSError: [Errno 28] No space left on device", "space", "Make room."],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
      "digest",
      "some 1 is not what was pinned: its SHA-256 is another.",
    ],
    [
      "ERROR: No matching distribution found for some==1",
      "wheel",
      `has no some 1 for ${process.platform} on ${process.arch}`,
    ],
    ["ERROR: something else.", "network", "pip could not install some 1 (something else)."],
  ])("that pip cannot fetch leave nothing: %s", async (said, fault, text) => {
    const target = join(newFolder(), "some-1");
    const error = await failure(
      `mkdir -p "${TARGET}/half"; cat >&2 <<'END'\n${said}\nEND\nexit 1`,
      target,
    );
    expect(error).toMatchObject({ fault, message: `${error.reason} ${error.remedy}` });
    expect(error.message).toContain(text);
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test("that cannot be had have the caller's words, made of the usual ones", async () => {
    const remedies = { network: (usual: string) => `${usual}, or wait.` };
    const error = await failure("echo Timeout >&2; exit 1", join(newFolder(), "some"), {
      remedies,
    });
    expect(error.remedy).toMatch(/^It needs PyPI or a mirror of it \(.*HTTPS_PROXY\), or wait\.$/);
  });

  test("that a process left unfinished, and is no more, are cleared away", async () => {
    const parent = newFolder();
    const own = `unfinished-wheels-${process.pid}-x`;
    // No process has the number: it is beyond what systems give.
    for (const name of ["unfinished-wheels-99999999-x", own, "unfinished"])
      mkdirSync(join(parent, name));
    await fetchWheels(wheels, join(parent, "some-1"), { python: works() });
    expect(readdirSync(parent).sort()).toEqual(["some-1", "unfinished", own]);
  });

  test("are not begun where there is no room for them, or no folder", async () => {
    const parent = newFolder();
    const full = await failure("exit 1", join(parent, "some-1"), { room: 1e18 });
    expect(full).toMatchObject({ fault: "space" });
    expect(full.message).toMatch(/^There is too little room in .*, and it takes 1000000000\.0 GB/);
    writeFileSync(join(parent, "file"), "");
    const none = await failure("exit 1", join(parent, "file/some-1"));
    expect(none).toMatchObject({ fault: "space" });
    expect(none.reason).toMatch(/some-1 cannot be made \((ENOTDIR|EEXIST): .*\)\.$/);
  });

  test.each<[Wheel[], string]>([
    [[{ name: "-r x", version: "1" }], '"-r x" is no name of a wheel.'],
    [[{ name: "a", version: "1", extras: ["b]"] }], '"b]" is no name of a wheel.'],
    [[{ name: "a", version: "1 --pre" }], '"1 --pre" is no version of a.'],
    [[{ name: "a", version: "1", digests: ["md5"] }], '"md5" is no SHA-256 of a 1.'],
    [[{ name: "a", version: "1" }, ...wheels], "a 1 has no SHA-256, and others"],
    [[{ name: "a", version: "1", digests: [] }], "a 1 has no SHA-256, and others"],
  ])("that are not named as wheels are refused: %j", async (wanted, text) => {
    const error = await failure("exit 1", join(newFolder(), "a"), {}, wanted);
    expect(error).toMatchObject({ fault: "wheel" });
    expect(error.message).toContain(text);
  });

  test("that are pinned are not fetched with what is not", async () => {
    const error = await failure("exit 1", join(newFolder(), "a"), { dependencies: true });
    expect(error.message).toContain("would be fetched unpinned. Name those wheels, too");
  });

  test("have their dependencies left out, unless they are asked for", async () => {
    const python = pip(`mkdir -p "${TARGET}"; echo "$@" >"${TARGET}/arguments"`);
    const said = async (options: FetchOptions, wanted: readonly Wheel[]) => {
      const target = join(newFolder(), "a");
      await fetchWheels(wanted, target, { python, ...options });
      return readFileSync(join(target, "arguments"), "utf8");
    };
    expect(await said({}, wheels)).toMatch(/--no-deps --require-hashes/);
    const loose = await said({ dependencies: true }, [{ name: "a", version: "1" }]);
    expect(loose).not.toMatch(/--no-deps|--require-hashes/);
  });

  test("go when the last that uses them does", () => {
    const parent = newFolder();
    const [target, first, second] = [
      join(parent, "some"),
      join(parent, "a"),
      join(parent, "b"),
    ] as const;
    for (const file of [first, second]) {
      writeFileSync(file, "");
      addUser(target, file);
    }
    expect(removeUser(target, first)).toBe(false);
    addUser(target, first);
    rmSync(second);
    // What is no more uses nothing.
    expect(removeUser(target, first)).toBe(true);
    expect(existsSync(target)).toBe(false);
  });
});
