import picocolors from "picocolors";
import type { Io, Output } from "./io";

/** Colours for a stream: none where NO_COLOR is set or nobody looks, unless FORCE_COLOR asks for them. */
export function colorsFor({ isTTY = false }: Output, { NO_COLOR, FORCE_COLOR, TERM }: Io["env"]) {
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== "" && FORCE_COLOR !== "0";
  const refused = (NO_COLOR !== undefined && NO_COLOR !== "") || FORCE_COLOR === "0";
  return picocolors.createColors(!refused && (forced || (isTTY && TERM !== "dumb")));
}

/** Functions that colour text. */
export type Colors = ReturnType<typeof colorsFor>;
