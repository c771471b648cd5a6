// SPDX-License-Identifier: GPL-3.0-only
import type UPlot from 'uplot';
import { disclosure, element } from './elements.ts';
import type { Chart, Dial, Panel } from './page-data.ts';

/** uPlot's script stands before this one in the page. */
declare const uPlot: typeof UPlot;

/** What was measured about one subject: facts, dials, charts, and the command that gives the same. */
export const panelOf = ({ id, title, facts, dials, charts, command }: Panel): HTMLElement =>
  element(
    'section',
    { class: 'panel', 'aria-labelledby': id },
    element('h2', { id }, title),
    element(
      'ul',
      { class: 'figures' },
      ...facts.map(({ label, text, bad = false }) =>
        element(
          'li',
          bad ? { class: 'bad' } : {},
          ...(text === '' ? [label] : [`${label}: `, element('strong', {}, text)]),
        ),
      ),
    ),
    element('div', { class: 'dials' }, ...dials.map(dialOf)),
    element('div', { class: 'charts' }, ...charts.map(figureOf)),
    element('p', { class: 'quiet' }, 'The same as text: ', element('code', {}, command)),
  );

const dialOf = ({ label, text, value, max, bound = max, formula }: Dial): HTMLElement =>
  element(
    'div',
    { class: 'dial' },
    element('span', {}, `${label}: `, element('strong', {}, text)),
    element('meter', {
      'aria-label': `${label}: ${text}`,
      min: '0',
      max: String(max),
      value: String(Math.min(value, max)),
      high: String(bound),
      optimum: '0',
    }),
    element('small', {}, formula),
  );

const figureOf = (chart: Chart): HTMLElement => {
  const canvas = element('pantheon-chart' as 'div', { 'aria-hidden': 'true' });
  Object.assign(canvas, { chart });
  return element(
    'figure',
    {},
    element('figcaption', {}, element('strong', {}, chart.title), ` ${chart.note}`),
    canvas,
    disclosure('Numbers', () => [tableOf(chart)]),
  );
};

const colours = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5'];

/** `<pantheon-chart>`: lines over time or places, drawn when it comes into the page and again when it changes. */
class ChartElement extends HTMLElement {
  chart: Chart | undefined;
  #drawn: UPlot | undefined;
  #resized = new ResizeObserver(() => this.#draw());
  #themed = matchMedia('(prefers-color-scheme: dark)');
  #redraw = (): void => this.#draw();

  connectedCallback(): void {
    this.#resized.observe(this);
    this.#themed.addEventListener('change', this.#redraw);
  }

  disconnectedCallback(): void {
    this.#resized.disconnect();
    this.#themed.removeEventListener('change', this.#redraw);
  }

  #draw(): void {
    const width = this.clientWidth;
    if (this.chart === undefined || width === 0) return;
    this.#drawn?.destroy();
    this.#drawn = new uPlot(...plotOf(this.chart, width, paintOf(this)), this);
  }
}

/** A colour of the page as a canvas takes it: of the theme that is on. */
const paintOf =
  (place: HTMLElement) =>
  (name: string): string => {
    place.style.color = `var(${name})`;
    const { color } = getComputedStyle(place);
    place.style.color = '';
    return color;
  };

const plotOf = (
  chart: Chart,
  width: number,
  paint: (name: string) => string,
): [UPlot.Options, UPlot.AlignedData] => {
  const { along, series, lines, unit, min, max } = chart;
  const isTime = typeof along[0] === 'number';
  const places = along.map((place, index) => (typeof place === 'number' ? place : index));
  const axis = { stroke: paint('--ink'), grid: { stroke: paint('--rule'), width: 1 } };
  const names = (splits: readonly number[]): string[] =>
    splits.map((at) => (Number.isInteger(at) ? String(along[at] ?? '') : ''));
  const options: UPlot.Options = {
    width,
    height: 200,
    // Half of the last name of a night lies beyond the axis.
    ...(!isTime && { padding: [null, 50, null, null] }),
    scales: {
      x: { time: isTime },
      y: {
        range: (_, low, high) => [min ?? Math.min(0, low ?? 0), max ?? Math.max(high ?? 1, 1e-9)],
      },
    },
    axes: [
      // Names of nights are wider than numbers.
      { ...axis, ...(isTime ? {} : { space: 100, values: (_, splits) => names(splits) }) },
      { ...axis, label: unit },
    ],
    series: [
      isTime ? {} : { label: 'Night', value: (_, at) => String(along[at] ?? '--') },
      ...series.map(({ label }, index) => ({
        label,
        stroke: paint(colours[index % colours.length] ?? ''),
        width: 2,
        points: { show: places.length < 40 },
      })),
      ...lines.map(({ label }) => ({
        label,
        stroke: paint('--quiet'),
        dash: [6, 4],
        points: { show: false },
      })),
    ],
  };
  const data = [
    places,
    ...series.map(({ values }) => [...values]),
    ...lines.map(({ value }) => places.map(() => value)),
  ] as unknown as UPlot.AlignedData;
  return [options, data];
};

/** The chart for those who do not see it, and for who wants to copy. */
const tableOf = ({ title, along, series }: Chart): HTMLElement =>
  element(
    'table',
    {},
    element('caption', {}, title),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, ''),
        ...series.map(({ label }) => element('th', { scope: 'col' }, label)),
      ),
    ),
    element(
      'tbody',
      {},
      ...along.map((place, at) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, placeName(place)),
          ...series.map(({ values }) => element('td', {}, valueText(values[at]))),
        ),
      ),
    ),
  );

const placeName = (place: string | number): string =>
  typeof place === 'string' ? place : new Date(place * 1000).toISOString().slice(0, 19);

const valueText = (value: number | null | undefined): string =>
  value === null || value === undefined ? 'not measured' : String(Number(value.toPrecision(4)));

customElements.define('pantheon-chart', ChartElement);
