// SPDX-License-Identifier: GPL-3.0-only
import { element } from './elements.ts';
import type { NightLine, PageData } from './page-data.ts';

/** The nights of the dashboard as a table, a row each. */
export const nightsOf = ({ columns, lines }: NonNullable<PageData['nights']>): HTMLElement =>
  element(
    'section',
    { 'aria-labelledby': 'nights' },
    element('h2', { id: 'nights' }, `Nights (${lines.length})`),
    element(
      'div',
      { class: 'wide', tabindex: '0', role: 'region', 'aria-labelledby': 'nights' },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            ...['Night', ...columns].map((name) => element('th', { scope: 'col' }, name)),
          ),
        ),
        element('tbody', {}, ...lines.map((line) => nightOf(line, columns.length))),
      ),
    ),
  );

const nightOf = ({ night, page, cells, fault }: NightLine, columns: number): HTMLElement =>
  element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      page === undefined ? night : element('a', { href: page }, night),
    ),
    ...(fault === undefined
      ? cells.map((cell) => element('td', {}, cell))
      : [element('td', { class: 'bad', colspan: String(columns) }, fault)]),
  );
