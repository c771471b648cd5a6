// SPDX-License-Identifier: GPL-3.0-only
import { createHash } from 'node:crypto';
import type { PageData } from '../client/page-data.ts';
import { packPart } from './pack-part.ts';
import { pageAssets } from './page-script.ts';

/** The most bytes of a page. */
export const pageBytes = 10_000_000;

/**
 * `report.html`: one file that asks for nothing else. Its policy (Content Security Policy Level 3) lets only
 * the scripts and styles run that stand here by digest, and no request leave. `sameAs` is for who runs no scripts.
 */
export const renderPage = async (
  data: PageData,
  stepParts: readonly string[],
  sameAs = 'report.md',
): Promise<readonly string[]> => {
  const { library, script, styles } = pageAssets();
  const policy = [
    "default-src 'none'",
    `script-src ${digestOf(library)} ${digestOf(script)}`,
    `style-src ${digestOf(styles)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">\n`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
    '<meta name="color-scheme" content="light dark">\n',
    `<title>${escapeText(data.title)}</title>\n<style>${styles}</style>\n</head>\n<body>\n`,
    '<main><pantheon-report><p>Reading …</p>',
    `<noscript><p class="fault">This page needs its scripts; ${sameAs} says the same.</p></noscript>`,
    '</pantheon-report></main>\n',
    await packPart('report', data),
    ...stepParts,
    `<script>${library}</script>\n<script>${script}</script>\n</body>\n</html>\n`,
  ];
};

const digestOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const escapeText = (text: string): string =>
  text.replace(/[&<>]/g, (letter) => `&#${letter.charCodeAt(0)};`);
