/** What a page has to know of a setting to show it, and to sort runs by it. */
export interface ReportedSetting {
  /** Its name in a run's `config`. */
  readonly key: string;
  /** Its name on the command line, without the dashes. */
  readonly flag: string;
  /** The heading it stands under. */
  readonly group: string;
  /** Its value when left out. */
  readonly default: unknown;
  /** Whether results come from it: runs that differ in it are no samples of the same. The seed is none. */
  readonly decides: boolean;
  /** Where it names runs rather than others: the lowest rank first; by its value alone where that speaks for itself. */
  readonly naming?: { readonly rank: number; readonly alone: boolean };
}
