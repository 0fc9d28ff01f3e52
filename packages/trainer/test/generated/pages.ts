import { additionsPage } from "./additions";
import { datasetsPage } from "./datasets-page";
import { layerOptionsPages } from "./layer-options-pages";
import { packagesPicture } from "./packages-picture";
import type { Page } from "./page";
import { rulesPage } from "./rules-page";
import { settingsPages } from "./settings-pages";
import { targetsPage } from "./targets-page";

/** Every file of the docs that `pnpm docs:generate` writes. */
export const pages: readonly Page[] = [additionsPage, packagesPicture, 
  ...settingsPages,
  ...layerOptionsPages,
  datasetsPage,
  targetsPage,
  rulesPage,
];
