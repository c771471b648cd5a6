// SPDX-License-Identifier: GPL-3.0-only
import { styleText } from 'node:util';
import { type Bundle, type BundleFileName, formatAddress } from '../../trace/bundle.ts';
import {
  asText,
  itemsOf,
  jsonLine,
  membersOf,
  oneLine,
  parseJson,
  valueAt,
  withoutControls,
} from '../../trace/shown-values.ts';

type ShowOptions = {
  readonly color?: boolean;
  /** Lines shown of each long part; the rest is counted. Default 40. */
  readonly lines?: number;
};

/**
 * A bundle as a person reads it: how it ended, what was asked, each tool call, the patch, tests and
 * verdict. Whatever a model or a repository wrote is stripped of control characters first.
 */
export const showBundle = (
  bundle: Bundle,
  { color = false, lines = 40 }: ShowOptions = {},
): string => {
  const page: Page = { paint: color ? paintWith : (_, text) => text, lines };
  const parts = [
    head(bundle, page),
    failure(bundle, page),
    task(bundle, page),
    calls(bundle, page),
    answer(bundle, page),
    review(bundle, page),
    deserved(bundle, page),
    denied(bundle, page),
    patch(bundle, page),
    tests(bundle, page),
    usage(bundle, page),
    metrics(bundle, page),
    origin(bundle, page),
  ];
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`;
};

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';
type Paint = (style: Style, text: string) => string;
type Page = { readonly paint: Paint; readonly lines: number };
type Part = string | undefined;

const paintWith: Paint = (style, text) => styleText(style, text, { validateStream: false });

const head = (bundle: Bundle, { paint }: Page): Part => {
  const { address, facts, files } = bundle;
  const status = asText(valueAt(parseJson(files['output.json']), 'status'));
  const ended = files['error.json'] !== undefined || status === 'fail' ? 'failed' : 'ok';
  const badge = ended === 'ok' ? paint('green', ended) : paint('red', ended);
  const runtime = facts.runtime ? `runtime ${facts.runtime.slice(0, 12)}` : 'no model';
  return [
    `${paint('bold', withoutControls(formatAddress(address)))}  ${badge}`,
    paint(
      'dim',
      `night ${withoutControls(facts.night)}, ${withoutControls(facts.agent)}, ${withoutControls(runtime)}`,
    ),
  ].join('\n');
};

const failure = ({ files }: Bundle, page: Page): Part => {
  const error = parseJson(files['error.json']);
  if (error === undefined) return undefined;
  const step = valueAt(error, 'step');
  const where = typeof step === 'number' ? ` at step ${step}` : '';
  const advice = asText(valueAt(error, 'advice'));
  return section(page, `Failure: ${oneLine(valueAt(error, 'code'))}${where}`, [
    ...block(asText(valueAt(error, 'message')), page).map((row) => page.paint('red', row)),
    ...(advice ? [`What to do: ${withoutControls(advice)}`] : []),
  ]);
};

const task = ({ files }: Bundle, page: Page): Part => {
  const input = parseJson(files['input.json']);
  if (input === undefined) return undefined;
  const spec = valueAt(input, 'spec');
  const paths = itemsOf(valueAt(input, 'unit', 'paths'));
  const inputs = Object.keys(membersOf(valueAt(input, 'inputs'))).map((node) =>
    withoutControls(node),
  );
  return section(page, `Task: ${oneLine(valueAt(spec, 'title'))}`, [
    ...itemsOf(valueAt(spec, 'acceptance')).map((sentence) => `- ${oneLine(sentence)}`),
    ...few(
      paths.map((path) => oneLine(path)),
      'Writes',
      page,
    ),
    ...(inputs.length > 0 ? [`Built on ${inputs.join(', ')}`] : []),
  ]);
};

const calls = ({ files }: Bundle, page: Page): Part => {
  const rows = (files['tool_calls.jsonl'] ?? '').split('\n').filter((row) => row !== '');
  if (rows.length === 0) return undefined;
  return section(
    page,
    `Tool calls: ${rows.length}`,
    shorten(rows, page).flatMap((row) => {
      const call = parseJson(row);
      if (call === undefined) return [withoutControls(row)];
      const error = valueAt(call, 'error');
      const end =
        error === undefined
          ? page.paint('green', `  -> ${jsonLine(valueAt(call, 'result'))}`)
          : page.paint(
              'red',
              `  ${oneLine(valueAt(error, 'code'))}: ${oneLine(valueAt(error, 'reason'))}`,
            );
      return [
        `${oneLine(valueAt(call, 'step'))}. ${oneLine(valueAt(call, 'name'))} ${jsonLine(valueAt(call, 'args'))}`,
        end,
      ];
    }),
  );
};

const answer = ({ files }: Bundle, page: Page): Part => {
  const output = parseJson(files['output.json']);
  if (output === undefined) return undefined;
  const result = valueAt(output, 'result');
  const empty =
    result === undefined || jsonLine(result) === '{}' || files['review.json'] !== undefined;
  return section(page, `Answer: ${oneLine(valueAt(output, 'status'))}`, [
    ...block(asText(valueAt(output, 'notes')), page),
    ...(empty ? [] : block(JSON.stringify(result, null, 2), page)),
  ]);
};

const review = ({ files }: Bundle, page: Page): Part => {
  const opinion = parseJson(files['review.json']);
  if (opinion === undefined) return undefined;
  const verdict = oneLine(valueAt(opinion, 'verdict'));
  const title = page.paint(verdict === 'approve' ? 'green' : 'yellow', verdict);
  return section(page, `Verdict: ${title}`, [
    ...shorten(itemsOf(valueAt(opinion, 'findings')), page).map(
      (finding) => `- ${oneLine(finding)}`,
    ),
    page.paint('dim', `on patch ${oneLine(valueAt(opinion, 'patchDigest')).slice(0, 12)}`),
  ]);
};

/** Of a patch that an exam hid among the units. */
const deserved = ({ files }: Bundle, page: Page): Part => {
  const exam = parseJson(files['exam.json']);
  if (exam === undefined) return undefined;
  const [truth, way] = [oneLine(valueAt(exam, 'truth')), oneLine(valueAt(exam, 'way'))];
  return section(page, `A patch of an exam: ${truth}, ${way}`, []);
};

const patch = ({ files }: Bundle, page: Page): Part => {
  const diff = files['diff.patch'];
  if (!diff) return undefined;
  const stats = valueAt(parseJson(files['output.json']), 'stats');
  const count = (key: string) => oneLine(valueAt(stats, key));
  const sums = stats
    ? `: ${count('files')} ${count('files') === '1' ? 'file' : 'files'}, +${count('insertions')} -${count('deletions')}`
    : '';
  return section(
    page,
    `Patch${sums}`,
    block(diff, page).map((row) => paintDiff(row, page.paint)),
  );
};

/** Patches that the rules denied on the way. */
const denied = ({ files }: Bundle, page: Page): Part => {
  const rows = (files['denied.jsonl'] ?? '').split('\n').filter((row) => row !== '');
  if (rows.length === 0) return undefined;
  return section(
    page,
    `Denied patches: ${rows.length}`,
    rows
      .map(parseJson)
      .flatMap((patch) => [
        page.paint(
          'red',
          `${oneLine(valueAt(patch, 'reason'))} (${oneLine(valueAt(patch, 'place'))})`,
        ),
        ...block(asText(valueAt(patch, 'diff')), page).map((row) => paintDiff(row, page.paint)),
      ]),
  );
};

const paintDiff = (row: string, paint: Paint): string => {
  if (/^(?:\+\+\+|---|diff |index )/.test(row)) return paint('bold', row);
  if (row.startsWith('+')) return paint('green', row);
  if (row.startsWith('-')) return paint('red', row);
  return row.startsWith('@@') ? paint('cyan', row) : row;
};

const tests = ({ files }: Bundle, page: Page): Part => {
  const log = files['tests.log'];
  if (log === undefined) return undefined;
  // A log says at its end what matters.
  const rows = withoutControls(log, true).trimEnd().split('\n');
  const left = Math.max(0, rows.length - page.lines);
  const skipped = left > 0 ? [page.paint('dim', `… ${left} lines before`)] : [];
  return section(page, 'Tests', [...skipped, ...rows.slice(left)]);
};

/** What answered, and a row for each of its answers, by their names in metrics.json. */
const usage = ({ files }: Bundle, page: Page): Part => {
  const metrics = parseJson(files['metrics.json']);
  const runtime = fields(valueAt(metrics, 'runtime'));
  const completions = itemsOf(valueAt(metrics, 'completions')).map(fields);
  if (runtime === '' && completions.length === 0) return undefined;
  const dropped = itemsOf(valueAt(metrics, 'dropped')).map((note) => `dropped: ${fields(note)}`);
  return section(page, `Model: ${runtime}`, shorten([...completions, ...dropped], page));
};

const metrics = ({ files }: Bundle, page: Page): Part => {
  const all = membersOf(parseJson(files['metrics.json']));
  const sums = Object.entries(all).filter(([, value]) => typeof value !== 'object');
  return sums.length === 0
    ? undefined
    : section(page, 'Metrics', [fields(Object.fromEntries(sums))]);
};

/** An object on a line: the name and value of each of its members. */
const fields = (value: unknown): string =>
  Object.entries(membersOf(value))
    .map(([name, part]) => `${withoutControls(name)} ${shownAs(name, part)}`)
    .join(', ');

/** Dates as such, and of digests the beginning, as models.lock has them whole. */
const shownAs = (name: string, value: unknown): string => {
  const date = name === 'startedAt' && typeof value === 'number' ? new Date(value) : undefined;
  if (date && !Number.isNaN(date.getTime())) return date.toISOString();
  if (name.endsWith('Digest')) return oneLine(value).slice(0, 12);
  return typeof value === 'string' ? oneLine(value) : jsonLine(value);
};

const origin = ({ facts, identity, files }: Bundle, page: Page): Part =>
  section(page, 'Bundle', [
    `identity ${identity}`,
    ...facts.inputs.map(
      ({ unit, node, digest }) =>
        `from ${withoutControls(unit)}/${withoutControls(node)} ${digest.slice(0, 12)}`,
    ),
    Object.entries(files)
      .map(([name, content]) => `${name as BundleFileName} ${Buffer.byteLength(content)} B`)
      .join(', '),
  ]);

const section = ({ paint }: Page, title: string, rows: readonly string[]): string =>
  [paint('bold', title), ...rows.map((row) => `  ${row}`)].join('\n');

/** The lines of a text, as many as a page shows. */
const block = (content: string, page: Page): readonly string[] =>
  content === '' ? [] : shorten(withoutControls(content, true).trimEnd().split('\n'), page);

const shorten = <T>(rows: readonly T[], { lines }: Page): readonly (T | string)[] =>
  rows.length <= lines ? rows : [...rows.slice(0, lines), `… ${rows.length - lines} more`];

const few = (names: readonly string[], title: string, page: Page): readonly string[] =>
  names.length === 0 ? [] : [`${title} ${shorten(names, { ...page, lines: 5 }).join(', ')}`];
