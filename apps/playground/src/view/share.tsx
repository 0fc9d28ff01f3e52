import { useState } from "preact/hooks";
import { commandsOf } from "../settings/command";
import { type Settings, toHash } from "../settings/settings";
import type { RunState } from "./use-run";

/** A button that copies a text, and says so. */
function Copy({ label, text }: { label: string; text: () => string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    // A page that is not secure has no clipboard.
    const done = await navigator.clipboard?.writeText(text()).then(
      () => "Copied",
      () => undefined,
    );
    setSaid(done ?? "The browser does not let this page copy.");
    setTimeout(() => setSaid(""), 2000);
  };
  return (
    <>
      <button type="button" onClick={copy}>
        {label}
      </button>
      <span role="status">{said}</span>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** The run elsewhere: as a link, as a command, and its losses as a table. */
export function Share({ settings, run }: { settings: Settings; run: RunState }) {
  const { history, started } = run;
  const epochs = Math.max(1, Math.ceil(history.steps / (started?.stepsPerEpoch ?? 1)));
  const commands = commandsOf(settings, epochs);
  return (
    <section class="share" aria-label="The same run elsewhere">
      <h2>The same run elsewhere</h2>
      <div class="buttons">
        <Copy label="Copy link" text={() => new URL(toHash(settings), location.href).href} />
        <Copy label="Copy as command" text={() => commands} />
        <button
          type="button"
          disabled={history.steps === 0}
          onClick={() => download("losses.csv", history.csv(settings.rules))}
        >
          Download losses
        </button>
      </div>
      <textarea
        readOnly
        aria-label="Commands"
        rows={settings.rules.length + 1}
        wrap="off"
        value={commands}
      />
    </section>
  );
}
