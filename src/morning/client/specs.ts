// SPDX-License-Identifier: GPL-3.0-only
import { type Content, disclosure, element, paged } from './elements.ts';
import type { Group, Section, SpecRow, UnitRow } from './page-data.ts';

type View = { readonly search: string; readonly rules: readonly string[] };

/** A section of specs, of which those that contain the words of a search are shown. */
export const sectionOf = ({ id, title, empty, groups }: Section, view: View): HTMLElement => {
  const { search } = view;
  const matching = groups
    .map((group) => ({ ...group, specs: group.specs.filter((spec) => contains(spec, search)) }))
    .filter(({ specs }) => specs.length > 0);
  const total = matching.reduce((sum, { specs }) => sum + specs.length, 0);
  const nothing = search === '' ? empty : 'None with these words.';
  return element(
    'section',
    { 'aria-labelledby': id },
    element('h2', { id }, `${title} (${total})`),
    ...(total === 0
      ? [element('p', { class: 'quiet' }, nothing)]
      : matching.map((group) => groupOf(group, view))),
  );
};

const contains = ({ id, title, reason, units }: SpecRow, search: string): boolean =>
  search === '' ||
  `${id} ${title} ${reason} ${units.flatMap(({ paths }) => paths).join(' ')}`
    .toLowerCase()
    .includes(search.toLowerCase());

const groupOf = ({ code, title, fix, specs, folded = false }: Group, view: View): HTMLElement => {
  const rows = () => paged(specs, (spec) => specOf(spec, view));
  if (code === '') return rows();
  const heading = `${title} (${specs.length})`;
  if (folded) return disclosure(heading, () => [rows()], { level: 'group' });
  return element(
    'section',
    { class: 'group' },
    element('h3', {}, `${heading} `, element('code', {}, code)),
    fix === undefined ? undefined : element('p', { class: 'fix' }, fix),
    rows(),
  );
};

const specOf = (spec: SpecRow, { rules }: View): HTMLElement => {
  const { id, title, reason, facts, units, left, link, command, chunk } = spec;
  return element(
    'article',
    { class: 'spec' },
    element(
      'h4',
      {},
      link === undefined ? title : element('a', { href: link, rel: 'noreferrer' }, title),
      ' ',
      element('code', {}, id),
    ),
    facts.length === 0 ? undefined : element('p', { class: 'facts' }, facts.join(' · ')),
    element('p', {}, reason),
    command === undefined
      ? undefined
      : element('pre', { class: 'command', tabindex: '0' }, command),
    units.length === 0
      ? undefined
      : disclosure(`Units and rules of the gate (${units.length})`, () => [
          paged(units, (unit) => unitOf(unit, rules), 20),
        ]),
    left.length === 0 ? undefined : disclosure(`Left out (${left.length})`, () => [leftOut(left)]),
    chunk === undefined
      ? undefined
      : disclosure('Steps', () => {
          const steps = document.createElement('pantheon-steps');
          steps.setAttribute('chunk', String(chunk));
          steps.setAttribute('spec', id);
          return [steps];
        }),
  );
};

const unitOf = (
  { id, state, paths, reason, reviews, passed }: UnitRow,
  rules: readonly string[],
): HTMLElement =>
  element(
    'section',
    { class: 'unit' },
    element('h5', {}, `${paths.join(', ') || id}: ${state}`),
    reason === undefined ? undefined : element('p', {}, reason),
    reviews.length === 0
      ? undefined
      : element(
          'p',
          {},
          reviews.map(({ reviewer, verdict }) => `${reviewer}: ${verdict}`).join(' · '),
        ),
    passed === undefined
      ? undefined
      : element(
          'ul',
          { class: 'rules' },
          ...rules.map((rule, index) => ruleOf(rule, index, passed)),
        ),
  );

/** Rules are judged in order, so that none is after the one that failed. */
const ruleOf = (rule: string, index: number, passed: number): HTMLElement => {
  if (index < passed) return element('li', { class: 'passed' }, `✓ passed: ${rule}`);
  return index === passed
    ? element('li', { class: 'failed' }, `✗ failed: ${rule}`)
    : element('li', { class: 'not-reached' }, `– not reached: ${rule}`);
};

const leftOut = (left: SpecRow['left']): Content =>
  element(
    'ul',
    {},
    ...left.map(({ path, reason }) => element('li', {}, element('code', {}, path), ` ${reason}`)),
  );
