import { useState } from "preact/hooks";
import { CsvError, parseCsv } from "../settings/csv";
import { type DataName, dataNames, ranges, type Settings } from "../settings/settings";
import type { Table } from "../training/table";
import { between, type Change, Choice, Field } from "./fields";

const titles: { readonly [D in DataName]: string } = {
  spirals: "Spirals",
  blobs: "Blobs",
  sinreg: "Sine",
  teacher: "Teacher and student",
  digits: "Handwritten digits",
  csv: "Your own table",
};

const notes: { readonly [D in DataName]?: string } = {
  sinreg: "The sine of a number from −π to π.",
  teacher: "The outputs of a random network of eight inputs and four outputs.",
  digits:
    "The first 1,600 training and 400 test images of MNIST (LeCun, Bottou, Bengio & Haffner 1998).",
};

export interface DataFieldsProps {
  readonly settings: Settings;
  readonly change: Change;
  readonly table: Table | undefined;
  readonly setTable: (table: Table | undefined) => void;
}

const placeholder = "length,width,kind\n5.1,1.4,a\n4.9,4.7,b\n…";

/** A table of one's own, pasted or from a file. */
function OwnTable({ table, setTable }: Pick<DataFieldsProps, "table" | "setTable">) {
  const [problem, setProblem] = useState("");
  const [text, setText] = useState("");
  const read = (given: string, file?: string) => {
    setText(given);
    try {
      setTable({ ...parseCsv(given), file });
      setProblem("");
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      setProblem(error.message);
    }
  };
  return (
    <>
      <label>
        Comma-separated values
        <textarea
          class="pasted"
          rows={5}
          wrap="off"
          spellcheck={false}
          value={text}
          {...{ placeholder }}
          aria-invalid={problem !== ""}
          aria-describedby="table-said"
          onInput={({ currentTarget }) => read(currentTarget.value)}
        />
      </label>
      <label>
        or a file
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            file?.text().then((given) => read(given, file.name));
          }}
        />
      </label>
      <p id="table-said" class={problem === "" ? "about" : "hint"} role="status">
        {problem || described(table)}
      </p>
    </>
  );
}

function described(table: Table | undefined): string {
  if (table === undefined)
    return "A row an example, the last column what is to be told of it: a class or a number. It stays on this machine.";
  const { targets, columns, classNames } = table;
  const told = classNames ? `${classNames.length} classes` : "a value";
  return `${targets.length} rows of ${columns.length - 1} numbers, and ${told}: ${columns.at(-1)}. A tenth${classNames ? " of each class" : ""} is kept to test with. It is in no link.`;
}

/** What is learnt. */
export function DataFields({ settings, change, table, setTable }: DataFieldsProps) {
  const { data } = settings;
  return (
    <fieldset>
      <legend>Data</legend>
      <Choice
        label="Data set"
        value={data}
        options={dataNames.map((name) => [name, titles[name]])}
        onChange={(name) => change({ data: name as DataName })}
      />
      {(data === "spirals" || data === "blobs") && (
        <Field
          {...{ settings, change }}
          label="Classes"
          name="classes"
          expected={between(ranges.classes, "A whole number")}
        />
      )}
      {notes[data] && <p class="about">{notes[data]}</p>}
      {data === "csv" && <OwnTable {...{ table, setTable }} />}
    </fieldset>
  );
}
