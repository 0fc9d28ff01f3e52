import { WheelError } from "./wheel-error";

/** A wheel on a package index, and what it must be. */
export interface Wheel {
  /** Its name on the index, such as `jax-cuda13-pjrt`. */
  readonly name: string;
  readonly version: string;
  /** Its extras: what they ask for is fetched, too, where dependencies are. */
  readonly extras?: readonly string[];
  /**
   * The SHA-256 of each of its files that may be taken, in hexadecimal: there is a file for each kind of machine. Left
   * out, what the index gives is taken unchecked.
   */
  readonly digests?: readonly string[];
}

const withExtras = ({ name, extras = [] }: Wheel) =>
  extras.length === 0 ? name : `${name}[${extras.join(",")}]`;

/** A wheel in words: `ninja 1.13.0`. */
export const nameOf = (wheel: Wheel): string => `${withExtras(wheel)} ${wheel.version}`;

/** Wheels as pip's requirement files name them, each with the digests of its files. */
export const requirementsOf = (wheels: readonly Wheel[]): string =>
  wheels
    .map((wheel) => {
      const { version, digests = [] } = wheel;
      const hashes = digests.map((digest) => ` --hash=sha256:${digest}`);
      return `${withExtras(wheel)}==${version}${hashes.join("")}\n`;
    })
    .join("");

/** Whether their files are checked. */
export const arePinned = (wheels: readonly Wheel[]): boolean =>
  wheels.some(({ digests }) => digests !== undefined);

/**
 * Checks that wheels are named in a way that pip takes as what it is meant to be.
 *
 * @throws WheelError for a name, version, extra or digest that is none, or for wheels of which only some are pinned.
 */
export function checkWheels(wheels: readonly Wheel[], dependencies: boolean): void {
  const isWord = (text: string) => /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(text);
  for (const { name, version, extras = [], digests = [] } of wheels) {
    const wrong = [name, ...extras].find((word) => !isWord(word));
    if (wrong !== undefined)
      throw refused(`${JSON.stringify(wrong)} is no name of a wheel.`, 'Names are like "ninja".');
    if (!/^\d[a-z0-9.!+_-]*$/i.test(version))
      throw refused(
        `${JSON.stringify(version)} is no version of ${name}.`,
        'Versions are like "1.13.0".',
      );
    const digest = digests.find((text) => !/^[0-9a-f]{64}$/.test(text));
    if (digest !== undefined)
      throw refused(
        `${JSON.stringify(digest)} is no SHA-256 of ${name} ${version}.`,
        "It has 64 hexadecimal digits.",
      );
  }
  if (!arePinned(wheels)) return;
  const loose = wheels.find(({ digests = [] }) => digests.length === 0);
  if (loose !== undefined)
    throw refused(
      `${nameOf(loose)} has no SHA-256, and others that are fetched with it have.`,
      "Give all of them one, or none.",
    );
  if (dependencies)
    throw refused(
      "What pinned wheels depend on would be fetched unpinned.",
      "Name those wheels, too, with their SHA-256, and leave dependencies out.",
    );
}

const refused = (reason: string, remedy: string) =>
  new WheelError({ fault: "wheel", reason, remedy });
