// SPDX-License-Identifier: GPL-3.0-only
import { createRequire } from 'node:module';
import type ts from 'typescript';

const require = createRequire(import.meta.url);

export type Compiler = typeof ts;

/** The compiler, once a process. `import` would parse its nine megabytes twice more, for its format and its exports. */
export const loadTypeScript = (): Compiler => require('typescript');
