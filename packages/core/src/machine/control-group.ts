/** Reads a file; undefined when there is none, or none that can be read. */
export type ReadFile = (path: string) => string | undefined;

/** A controller of Linux control groups, and the files of it that are read. */
type Controller = "cpu" | "memory";

/** A folder of a control group, and which version of its files it has. */
interface GroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

/** A mounted hierarchy: which of its groups is at the mount point. */
interface Mount {
  readonly root: string;
  readonly point: string;
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

/** A path of /proc/self/mountinfo, where a space is written \040. */
const unescaped = (path: string) =>
  path.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );

/** Where the hierarchy of a controller is mounted: of version 1, or else the one of version 2. */
function mountOf(read: ReadFile, controller: Controller, version: 1 | 2): Mount | undefined {
  for (const line of lines(read("/proc/self/mountinfo") ?? "")) {
    const [before = "", after = ""] = line.split(" - ");
    const [type, , options = ""] = after.split(" ");
    const [, , , root = "/", point = ""] = before.split(" ").map(unescaped);
    const fits =
      version === 2
        ? type === "cgroup2"
        : type === "cgroup" && options.split(",").includes(controller);
    if (fits) return { root, point };
  }
  return undefined;
}

/** The group of this process in the hierarchy of a controller. */
function groupOf(read: ReadFile, controller: Controller, version: 1 | 2): string | undefined {
  for (const line of lines(read("/proc/self/cgroup") ?? "")) {
    const [, controllers = "", path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const fits = version === 2 ? controllers === "" : controllers.split(",").includes(controller);
    if (path !== undefined && fits) return path;
  }
  return undefined;
}

/** The folders of the group of this process and of those it is in, for their limits hold as well. */
function groupFolders(read: ReadFile, controller: Controller): GroupFolder[] {
  return ([1, 2] as const).flatMap((version) => {
    const group = groupOf(read, controller, version);
    const mount = mountOf(read, controller, version);
    if (group === undefined || mount === undefined) return [];
    // In a container, the mount may begin at its own group, which /proc calls by its name outside.
    const root = mount.root === "/" ? "" : mount.root;
    const isWithin = group === root || group.startsWith(`${root}/`);
    const parts = (isWithin ? group.slice(root.length) : "")
      .split("/")
      .filter((part) => part !== "" && part !== "..");
    return Array.from({ length: parts.length + 1 }, (_, depth) => ({
      version,
      path: [mount.point, ...parts.slice(0, depth)].join("/"),
    }));
  });
}

/** The least of some limits; undefined when there is none. */
function least(limits: readonly number[]): number | undefined {
  const real = limits.filter((limit) => Number.isFinite(limit) && limit > 0);
  return real.length === 0 ? undefined : Math.min(...real);
}

/** How many processors' time a control group allows this process, such as 1.5; undefined where none is set. */
export function groupProcessors(read: ReadFile): number | undefined {
  return least(
    groupFolders(read, "cpu").map(({ version, path }) => {
      const [quota, period] =
        version === 2
          ? (read(`${path}/cpu.max`) ?? "").trim().split(" ")
          : [read(`${path}/cpu.cfs_quota_us`), read(`${path}/cpu.cfs_period_us`)];
      return Number(quota) / Number(period);
    }),
  );
}

/** How many bytes a control group allows this process; undefined where none is set. */
export function groupMemory(read: ReadFile): number | undefined {
  return least(
    groupFolders(read, "memory").map(({ version, path }) =>
      Number(read(`${path}/${version === 2 ? "memory.max" : "memory.limit_in_bytes"}`) ?? "max"),
    ),
  );
}
