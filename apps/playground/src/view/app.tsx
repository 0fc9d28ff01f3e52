import { useEffect, useMemo, useState } from "preact/hooks";
import { fromHash, type Settings, toHash } from "../settings/settings";
import { Controls } from "./controls";
import { type AngleName, angles } from "./history";
import { Learning } from "./learning";
import { RuleColumn } from "./rule-column";
import { Share } from "./share";
import { Transport } from "./transport";
import { useRun } from "./use-run";

/** The page. */
export function App() {
  const [settings, setSettings] = useState(() => fromHash(location.hash));
  const [angle, setAngle] = useState<AngleName>("weights");
  const run = useRun(settings);

  useEffect(() => history.replaceState(null, "", toHash(settings)), [settings]);
  useEffect(() => {
    const read = () =>
      setSettings((before) => {
        const given = fromHash(location.hash);
        return toHash(given) === toHash(before) ? before : given;
      });
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);

  const change = (part: Partial<Settings>) => setSettings((before) => ({ ...before, ...part }));
  const angleNames = useMemo(() => Object.entries(angles) as [AngleName, string][], []);
  return (
    <>
      <header>
        <h1>bioflax playground</h1>
        <p>
          Networks that start from the same weights and see the same batches, each under a learning
          rule of its own. Only what carries the errors back differs.
        </p>
      </header>
      <main>
        <Controls settings={settings} change={change} />
        <div class="run">
          <Transport run={run} />
          {run.failure !== undefined && (
            <p class="failure" role="alert">
              {run.failure}
            </p>
          )}
          <Learning settings={settings} run={run} />
          <label class="choice">
            Angles between
            <select
              value={angle}
              onChange={({ currentTarget }) => setAngle(currentTarget.value as AngleName)}
            >
              {angleNames.map(([name, words]) => (
                <option key={name} value={name}>
                  {words}
                </option>
              ))}
            </select>
          </label>
          <div class="rules">
            {settings.rules.map((rule, index) => (
              <RuleColumn key={rule} {...{ rule, index, run, angle }} />
            ))}
          </div>
          <Share settings={settings} run={run} />
        </div>
      </main>
    </>
  );
}
