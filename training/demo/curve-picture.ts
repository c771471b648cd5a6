// SPDX-License-Identifier: GPL-3.0-only
import type { LearningCurve } from '../../src/morning/metrics/learning-curve.ts';
import { shareOf } from '../../src/morning/metrics/share-interval.ts';

/** What a night with a model that had learned from so many examples came to. */
export type MeasuredNight = {
  readonly examples: number;
  readonly tried: number;
  readonly accepted: number;
};

const [width, height] = [640, 360];
const [left, right, top, bottom] = [56, 24, 36, 48];

/** Points with their intervals, and the curve through them, as SVG. */
export const curvePicture = (
  nights: readonly MeasuredNight[],
  curve: LearningCurve,
  title: string,
): string => {
  const most = Math.max(1, ...nights.map(({ examples }) => examples));
  const across = (examples: number): string =>
    (left + (examples / most) * (width - left - right)).toFixed(1);
  const up = (share: number): string =>
    (height - bottom - share * (height - top - bottom)).toFixed(1);
  const points = nights.map(({ examples, tried, accepted }) => {
    const { value = 0, low = 0, high = 0 } = shareOf(accepted, tried) ?? {};
    const at = across(examples);
    return `<line x1="${at}" x2="${at}" y1="${up(low)}" y2="${up(high)}" stroke="#57606a"/><circle cx="${at}" cy="${up(value)}" r="4" fill="#0969da"/><text x="${at}" y="${Number(up(value)) - 10}" text-anchor="middle">${accepted}/${tried}</text>`;
  });
  const line =
    curve.kind === 'curve'
      ? `<polyline fill="none" stroke="#0969da" stroke-width="2" points="${curve.at.map(({ examples, value }) => `${across(examples)},${up(value)}`).join(' ')}"/>`
      : '';
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${left}" x2="${width - right}" y1="${up(share)}" y2="${up(share)}" stroke="#d0d7de"/><text x="${left - 8}" y="${Number(up(share)) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#24292f" role="img" aria-label="${title}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="${left}" y="20" font-size="14">${title}</text>`,
    ...grid,
    line,
    ...points,
    `<text x="${width / 2}" y="${height - 12}" text-anchor="middle">examples learned (0 to ${most})</text>`,
    '</svg>',
    '',
  ].join('\n');
};
