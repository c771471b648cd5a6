// SPDX-License-Identifier: GPL-3.0-only
import { type Content, disclosure, element, fault } from './elements.ts';
import type { CallRow, StepChunk, StepRow } from './page-data.ts';
import { readPart } from './read-part.ts';

/** `<pantheon-steps chunk spec>`: every step of a spec, read when it is first shown. */
class Steps extends HTMLElement {
  async connectedCallback(): Promise<void> {
    if (this.childElementCount > 0) return;
    this.append(element('p', { class: 'quiet' }, 'Reading …'));
    try {
      const chunk = (await readPart(`steps-${this.getAttribute('chunk')}`)) as StepChunk;
      const steps = chunk[this.getAttribute('spec') ?? ''];
      if (!steps) throw new Error('the steps of this spec are missing');
      this.replaceChildren(...patchOf(steps), ...byUnit(steps));
    } catch (error) {
      this.replaceChildren(fault(error));
    }
  }
}

/** What all units change, before how each came to it. */
const patchOf = (steps: readonly StepRow[]): readonly HTMLElement[] => {
  const diffs = steps.flatMap(({ diff, status }) => (status === 'ok' && diff ? [diff] : []));
  return diffs.length === 0 ? [] : [disclosure('Patch', () => [diffOf(diffs.join('\n'))])];
};

const byUnit = (steps: readonly StepRow[]): readonly HTMLElement[] => {
  const units = [...Map.groupBy(steps, ({ unit }) => unit)];
  return units.map(([unit, own]) =>
    element(
      'section',
      { class: 'unit' },
      element('h5', {}, unit === '_spec' ? 'The spec as a whole' : unit),
      ...own.map(stepOf),
    ),
  );
};

const stepOf = (step: StepRow): HTMLElement => {
  const { node, agent, status, seconds, calls } = step;
  const time = seconds === null ? [] : [`${seconds.toFixed(2)} s`];
  const count = calls.length === 0 ? [] : [`${calls.length} tool calls`];
  const heading = [`${node}: ${status}`, ...(agent === '' ? [] : [agent]), ...time, ...count];
  return disclosure(heading.join(' · '), () => bodyOf(step), { level: `step ${status}` });
};

const bodyOf = ({ notes, calls, prompt, diff, log }: StepRow): readonly Content[] => [
  notes === '' ? undefined : element('p', {}, notes),
  diff === undefined ? undefined : diffOf(diff),
  ...calls.map(callOf),
  log === undefined ? undefined : disclosure('Log', () => [text(log)]),
  prompt === undefined ? undefined : disclosure('Prompt', () => [text(prompt)]),
];

const callOf = ({ name, args, result, failed }: CallRow): HTMLElement =>
  disclosure(`${failed ? '✗' : '✓'} ${name}`, () => [text(args), text(result)], {
    level: failed ? 'call failed' : 'call',
  });

const text = (whole: string): HTMLElement => element('pre', { tabindex: '0' }, whole);

const diffOf = (diff: string): HTMLElement =>
  element('pre', { class: 'diff', tabindex: '0' }, ...diffLines(diff));

const kinds: Readonly<Record<string, string>> = { '+': 'ins', '-': 'del', '@': 'hunk' };

/** A patch in git's form, a coloured line each; the sign stays, so that colour is not all there is. */
const diffLines = (diff: string): readonly HTMLElement[] =>
  diff
    .split('\n')
    .map((line) =>
      element(
        'span',
        { class: /^(?:\+\+\+|---|diff) /.test(line) ? 'file' : kinds[line[0] ?? ''] },
        `${line}\n`,
      ),
    );

customElements.define('pantheon-steps', Steps);
