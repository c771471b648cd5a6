// SPDX-License-Identifier: GPL-3.0-only
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { once } from '../../data/memoise.ts';

/** The scripts of the page, each after those it imports from. */
const scripts = ['elements', 'read-part', 'steps', 'specs', 'nights', 'charts', 'main'];

const client = new URL('../client/', import.meta.url);

/** What stands inline in every page: the chart library, then our scripts in one scope; and the styles. */
export const pageAssets = once(() => {
  const { resolve } = createRequire(import.meta.url);
  const library = (path: string): string => readFileSync(resolve(`uplot/dist/${path}`), 'utf8');
  return {
    library: library('uPlot.iife.min.js'),
    script: `(() => {\n'use strict';\n${scripts.map(scriptText).join('')}})();\n`,
    styles: `${library('uPlot.min.css')}\n${readFileSync(new URL('page.css', client), 'utf8')}`,
  };
});

/** A script without types, imports and exports: all of them share one scope, so no name is taken twice. */
const scriptText = (name: string): string => {
  const typed = new URL(`${name}.ts`, client);
  // A package has JavaScript in its place, and what strips types takes long to load.
  const script = existsSync(typed)
    ? stripTypeScriptTypes(readFileSync(typed, 'utf8'))
    : readFileSync(new URL(`${name}.js`, client), 'utf8');
  return script.replace(/^import\b[^;]*;$/gm, '').replace(/^export /gm, '');
};
