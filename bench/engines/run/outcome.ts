// SPDX-License-Identifier: GPL-3.0-only

/** How a bench ended and what it said of its goals. */
export type Outcome = {
  readonly name: string;
  readonly state: 'measured' | 'skipped' | 'failed';
  readonly seconds: number;
  /** Its lines that name a goal. */
  readonly ratios: readonly string[];
  /** Parts of it that could not run here, or why it failed. */
  readonly reasons: readonly string[];
};

/** What a bench's output comes to; it prints `skipped: why`, or `<part> is skipped: why` and goes on. */
export const outcomeOf = (
  name: string,
  output: string,
  { status, seconds }: { readonly status: number | null; readonly seconds: number },
): Outcome => {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const whole = lines.find((line) => line.startsWith('skipped: '));
  const parts = lines.filter((line) => / is skipped: /.test(line));
  const ratios = lines.filter((line) => line.includes('(goal '));
  if (status !== 0) {
    const how = status === null ? 'it was stopped' : `it ended with status ${status}`;
    return { name, state: 'failed', seconds, ratios, reasons: [lines.at(-1) ?? how, how] };
  }
  return whole === undefined
    ? { name, state: 'measured', seconds, ratios, reasons: parts }
    : { name, state: 'skipped', seconds, ratios, reasons: [whole.slice('skipped: '.length)] };
};

/** One bench after the other: its goals, and what is missing. */
export const renderSummary = (outcomes: readonly Outcome[]): string => {
  const blocks = outcomes.map(({ name, state, seconds, ratios, reasons }) =>
    [
      `${name}: ${state} in ${seconds.toFixed(0)} s`,
      ...ratios.map((line) => `  ${line}`),
      ...reasons.map((line) => `  ${line}`),
    ].join('\n'),
  );
  const count = (state: Outcome['state']): number =>
    outcomes.filter((outcome) => outcome.state === state).length;
  const total = `${count('measured')} measured, ${count('failed')} failed, ${count('skipped')} skipped`;
  return [...blocks, total].join('\n');
};
