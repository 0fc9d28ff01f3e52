import { render } from "preact";
import { fromHash } from "./settings/settings";
import { App } from "./view/app";
import { begin } from "./view/use-run";

const begun = begin(fromHash(location.hash));
render(<App begun={begun} />, document.getElementById("app") as HTMLElement);
