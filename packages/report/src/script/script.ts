import { readout } from "./readout";
import { save } from "./save";

/** The page's script. Without it the page is all there, but for the values under the pointer and the buttons that save. */
export const script = `"use strict";
{${readout}}
{${save}}`;

/**
 * The SHA-256 of {@link script} in base64, by which the page's content security policy lets it run, and nothing else.
 */
export const scriptDigest = "6n+bCjUPNGacBbm8iq7Mq300pReFiNCbFPhnDkBvGoc=";
