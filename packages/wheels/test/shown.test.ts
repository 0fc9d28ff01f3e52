import { expect, test } from "@jest/globals";
import { cacheFolder, ProgressLine, thisMachine } from "../src/index";

test("the cache is where the environment says", () => {
  const folder = (env: Record<string, string>) => cacheFolder("a/b", "OWN_CACHE", env);
  expect(folder({ OWN_CACHE: "/x", XDG_CACHE_HOME: "/y" })).toBe("/x");
  expect(folder({ OWN_CACHE: "", XDG_CACHE_HOME: "/y" })).toBe("/y/a/b");
  expect(folder({ XDG_CACHE_HOME: "relative" })).toMatch(/[\\/]\.cache[\\/]a[\\/]b$/);
});

test("progress is a line whenever it changes where there is no terminal, and one line of a terminal", () => {
  const show = (isTTY: boolean) => {
    let text = "";
    const line = new ProgressLine({ isTTY, write: (more) => (text += more) });
    line.show({ what: "downloads a", done: 1e6, total: 2e6 });
    line.show({ what: "downloads a", done: 2e6, total: 2e6 });
    line.end();
    return text;
  };
  expect(show(false)).toBe("downloads a …\n");
  expect(show(true).split("\r\x1b[2K")).toEqual([
    "",
    "downloads a 1 of 2 MB …",
    "downloads a 2 of 2 MB …",
    "",
  ]);
});

test("this machine is Node's, with the GNU C library's version where there is one", () => {
  const { platform, arch, glibc } = thisMachine();
  expect({ platform, arch }).toEqual({ platform: process.platform, arch: process.arch });
  if (glibc !== undefined) expect(glibc).toMatch(/^2\.\d+$/);
});
