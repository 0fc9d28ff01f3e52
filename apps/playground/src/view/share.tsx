import { useState } from "preact/hooks";
import { codeOf } from "../settings/code";
import { commandsOf } from "../settings/command";
import type { Settings } from "../settings/settings";
import { type Table, tableFile, tableFileName } from "../training/table";
import { download } from "./download";
import type { Adjustment, RunState } from "./use-run";

/** A button that copies a text, and says so. */
function Copy({ label, text }: { label: string; text: string | undefined }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    // A page that is not secure has no clipboard.
    const done = await navigator.clipboard?.writeText(text ?? "").then(
      () => "Copied",
      () => undefined,
    );
    setSaid(done ?? "The browser does not let this page copy.");
    setTimeout(() => setSaid(""), 2000);
  };
  return (
    <>
      <button type="button" disabled={text === undefined} onClick={copy}>
        {label}
      </button>
      <span role="status">{said}</span>
    </>
  );
}

const called = { learningRate: "learning rate", weightDecay: "weight decay" } as const;

/** What no link can show: settings that were others before. */
function Adjusted({ adjustments }: { adjustments: readonly Adjustment[] }) {
  if (adjustments.length === 0) return null;
  const told = adjustments
    .map(({ step, name, value }) => `${called[name]} ${value} from step ${step + 1} on`)
    .join(", ");
  return (
    <p class="about">
      Changed on the way: {told}. A link, a command and a script begin with what is set now.
    </p>
  );
}

interface ShareProps {
  readonly settings: Settings;
  readonly run: RunState;
  readonly table: Table | undefined;
  /** The address that shows the same. */
  readonly hash: string;
}

const JSON_LINES = "application/jsonl";

/** The run elsewhere: as a link, as a command, as a script, and its numbers as files. */
export function Share({ settings, run, table, hash }: ShareProps) {
  const { history, started, adjustments } = run;
  const { rules, data } = settings;
  const own = data === "csv" ? table : undefined;
  const [shown, setShown] = useState<"command" | "code">("command");
  const epochs = Math.max(1, Math.ceil(history.steps / (started?.stepsPerEpoch ?? 1)));
  const commands = commandsOf(settings, epochs, own);
  const code = started && codeOf({ settings, table, epochs, ...started });
  const text = shown === "command" ? (commands ?? "Paste a table or choose a file.") : (code ?? "");
  const isEmpty = history.steps === 0;
  return (
    <section class="share" aria-label="The same run elsewhere">
      <h2>The same run elsewhere</h2>
      <div class="buttons">
        <Copy label="Copy link" text={new URL(hash, location.href).href} />
        <Copy label="Copy as command" text={commands} />
        <Copy label="Copy as code" text={code} />
        <button
          type="button"
          disabled={isEmpty}
          onClick={() => download("losses.csv", history.csv(rules), "text/csv")}
        >
          Download losses
        </button>
        <button
          type="button"
          disabled={isEmpty}
          onClick={() => download("metrics.jsonl", history.jsonLines(rules), JSON_LINES)}
        >
          Download metrics
        </button>
        {data === "digits" && (
          <a class="button" href="digits.npz" download="digits.npz">
            Download the digits
          </a>
        )}
        {own && (
          <button
            type="button"
            onClick={() => download(tableFileName(own), tableFile(own), "text/csv")}
          >
            Download the table
          </button>
        )}
      </div>
      {own && (
        <p class="about">
          The command reads {tableFileName(own)}, the table as the networks here read it: columns
          standardised, classes by number. It takes tables as they are.
        </p>
      )}
      <Adjusted adjustments={adjustments} />
      <div class="tabs" role="radiogroup" aria-label="Shown below">
        {(["command", "code"] as const).map((kind) => (
          <label key={kind} class="check">
            <input
              type="radio"
              name="shown"
              checked={shown === kind}
              onChange={() => setShown(kind)}
            />
            {kind === "command" ? "Commands" : "TypeScript"}
          </label>
        ))}
      </div>
      <textarea
        readOnly
        aria-label={shown === "command" ? "Commands" : "TypeScript"}
        rows={shown === "command" ? rules.length + 1 : 14}
        wrap="off"
        value={text}
      />
    </section>
  );
}
