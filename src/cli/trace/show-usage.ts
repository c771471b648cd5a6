// SPDX-License-Identifier: GPL-3.0-only
import { itemsOf, jsonLine, oneLine, valueAt } from './show-values.ts';

/** What of `metrics.json` is shown as usage and not among the sums. */
export const inUsage: ReadonlySet<string> = new Set([
  'runtime',
  'completions',
  'toolTimes',
  'dropped',
  'tightened',
]);

/** What answered, and a row for each of its answers; nothing where no model was asked. */
export const usageOf = (
  metrics: unknown,
): { readonly title: string; readonly rows: readonly string[] } | undefined => {
  const runtime = valueAt(metrics, 'runtime');
  const completions = itemsOf(valueAt(metrics, 'completions'));
  if (runtime === undefined && completions.length === 0) return undefined;
  const version = [valueAt(runtime, 'engine'), valueAt(runtime, 'version')]
    .map(oneLine)
    .join(' ')
    .trim();
  const adapter = oneLine(valueAt(runtime, 'adapter'));
  const temperature = oneLine(valueAt(runtime, 'temperature'));
  const parts = [
    version || 'unknown',
    `${oneLine(valueAt(runtime, 'model'))}${digestIn(runtime, 'modelDigest')}`.trim(),
    adapter && `adapter ${adapter}${digestIn(runtime, 'adapterDigest')}`,
    oneLine(valueAt(runtime, 'origin')),
    temperature && `temperature ${temperature}`,
  ];
  const dropped = itemsOf(valueAt(metrics, 'dropped')).map(
    (note) => `${oneLine(valueAt(note, 'pointer'))} ${oneLine(valueAt(note, 'keyword'))}`,
  );
  return {
    title: `Model: ${parts.filter(Boolean).join(', ')}`,
    rows: [
      ...completions.map(completionRow),
      ...(dropped.length > 0 ? [`Left to the full schema: ${oneLine(dropped.join(', '))}`] : []),
    ],
  };
};

/** The beginning of a sha256, as models.lock has it whole. */
const digestIn = (runtime: unknown, key: string): string => {
  const digest = oneLine(valueAt(runtime, key));
  return digest && ` (sha256 ${digest.slice(0, 12)})`;
};

const completionRow = (completion: unknown): string => {
  const of = (key: string): string => oneLine(valueAt(completion, key));
  const total = milliseconds(valueAt(completion, 'totalMs'));
  const fault = of('fault');
  if (of('finish') === 'error') return `${of('step')}. no answer after ${total}: ${fault}`;
  const cached = valueAt(completion, 'cachedTokens');
  const notes = [
    `${total} in all`,
    during('first token after', valueAt(completion, 'firstTokenMs')),
    during('queued for', valueAt(completion, 'queuedMs')),
    of('seed') && `seed ${of('seed')}`,
    of('finish') === 'length' && 'cut',
    fault,
  ];
  const prompt = `${of('promptTokens')} tokens${cached === 0 ? '' : ` (${jsonLine(cached)} cached)`}`;
  return `${of('step')}. ${prompt} -> ${of('completionTokens')}: ${notes.filter(Boolean).join(', ')}`;
};

const during = (what: string, ms: unknown): string =>
  ms === undefined || ms === 0 ? '' : `${what} ${milliseconds(ms)}`;

const milliseconds = (ms: unknown): string =>
  typeof ms === 'number' ? `${Math.round(ms * 10) / 10} ms` : jsonLine(ms);

const lastMoment = 8.64e15;

/** Milliseconds since 1970 as a date and time, UTC. */
export const moment = (ms: unknown): string =>
  typeof ms === 'number' && Math.abs(ms) <= lastMoment ? new Date(ms).toISOString() : jsonLine(ms);
