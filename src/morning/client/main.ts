// SPDX-License-Identifier: GPL-3.0-only
import { panelOf } from './charts.ts';
import { element, fault } from './elements.ts';
import { nightsOf } from './nights.ts';
import type { PageData } from './page-data.ts';
import { readPart } from './read-part.ts';
import { sectionOf } from './specs.ts';
import './steps.ts';

/** `<pantheon-report>`: the whole page. */
class Report extends HTMLElement {
  async connectedCallback(): Promise<void> {
    try {
      this.replaceChildren(...pageOf((await readPart('report')) as PageData));
    } catch (error) {
      this.replaceChildren(fault(error));
    }
    this.setAttribute('ready', '');
  }
}

const pageOf = (data: PageData): readonly HTMLElement[] => {
  const sections = element('div', { id: 'specs' });
  const search = element('input', {
    type: 'search',
    'aria-label': 'Search specs by title, id, reason or path',
    placeholder: 'Search specs',
  });
  const show = (): void =>
    sections.replaceChildren(
      ...data.sections.map((section) =>
        sectionOf(section, { search: search.value.trim(), rules: data.rules }),
      ),
    );
  search.addEventListener('input', show);
  show();
  return [
    headOf(data),
    ...(data.nights
      ? [nightsOf(data.nights)]
      : [element('p', { class: 'search' }, search), sections]),
    ...data.panels.map(panelOf),
    listOf('Notices', data.notices),
  ].filter((part) => part !== undefined);
};

const headOf = ({ title, counts, about, alerts, withoutSteps }: PageData): HTMLElement =>
  element(
    'header',
    {},
    element('h1', {}, title),
    element(
      'p',
      { class: 'counts' },
      ...counts.map(({ text, section }) => element('a', { href: `#${section}` }, text)),
    ),
    ...alerts.map((alert) => element('p', { class: 'alert', role: 'alert' }, alert)),
    element(
      'p',
      { class: 'quiet' },
      about.map(({ label, text }) => `${label} ${text}`).join(' · '),
    ),
    withoutSteps === 0
      ? undefined
      : element(
          'p',
          { class: 'quiet' },
          `${withoutSteps} specs have no steps here, for lack of room; "pantheon trace show" has them.`,
        ),
  );

const listOf = (title: string, lines: readonly string[]): HTMLElement | undefined =>
  lines.length === 0
    ? undefined
    : element(
        'section',
        {},
        element('h2', {}, title),
        element('ul', {}, ...lines.map((line) => element('li', {}, line))),
      );

// An element that stands in the page is made at once, with all that is above.
customElements.define('pantheon-report', Report);
