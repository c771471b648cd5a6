// SPDX-License-Identifier: GPL-3.0-only
import type { Cases } from '../case.ts';
import { documented, formatted, tested } from '../checks/code.ts';
import { all, only, sameMessages } from '../checks/patched.ts';

/** First tests. */
export const tests: Cases = {
  tiptap: {
    'test-for-another-runner': {
      spec: {
        scope: 'src/utilities/minMax.test.ts',
        context: '**',
        acceptance: ['There is a test for `minMax` in `src/utilities/minMax.test.ts`'],
      },
      declined: /vite-plus|vitest|AVA|ava/,
    },
  },
  zod: {
    'test-for-vitest': {
      spec: {
        scope: 'src/v4/core/tests/to-dotted.test.ts',
        context: '**',
        acceptance: ['There is a test for `toDotPath` in `src/v4/core/tests/to-dotted.test.ts`'],
      },
      declined: /vitest|AVA|ava/,
    },
  },
  immer: {
    'test-where-there-are-none': {
      spec: {
        scope: '__tests__/common.test.ts',
        context: '**',
        acceptance: ['Add tests for `isPlainObject` in __tests__/common.test.ts'],
      },
      declined: /dependencies of the top package are neither prepared nor installed/,
    },
  },
  execa: {
    'test-for-ava': {
      spec: {
        scope: 'test/escape.js',
        context: '**',
        acceptance: ['There is a test for `escapeLines` in `test/escape.js`'],
      },
      done: tested('test/escape.js', 'lib/arguments/escape.js', ['escapeLines'], /from 'ava'/),
    },
  },
  fastify: {
    'test-for-node-test': {
      spec: {
        scope: 'test/internals/noop-set.test.js',
        context: '**',
        acceptance: ['There is a test for `noopSet` in `test/internals/noop-set.test.js`'],
      },
      declined: /node:test|AVA|ava|CommonJS|is a local name/,
    },
  },
};

/** What joins several chores or commands. */
export const joined: Cases = {
  carbon: {
    'format-js': {
      spec: {
        scope: 'src/utils/{clampIndex,debounce,keyBy}.js',
        context: 'biome.json',
        acceptance: ['Format the code with biome'],
      },
      declined: /as asked|already/,
      done: formatted('src/utils/clampIndex.js', 'src/utils/debounce.js', 'src/utils/keyBy.js'),
    },
  },
  slidev: {
    'format-without-a-configuration': {
      spec: { scope: 'logic/utils.ts', acceptance: ['All files in logic/ are formatted'] },
      done: formatted('logic/utils.ts'),
      declined: /biome/,
    },
  },
  noble: {
    'sorted-imports-with-a-configuration': {
      spec: {
        scope: 'src/hkdf.ts',
        context: 'biome.json',
        acceptance: ['All files in src/ are formatted', 'No functional changes'],
      },
      done: formatted('src/hkdf.ts'),
    },
  },
  grpc: {
    'checks-that-pass': {
      spec: {
        scope: 'src/error.ts',
        acceptance: ['`getErrorMessage` has a doc comment', 'The checks pass'],
        checks: ['node --eval "process.exit(0)"'],
      },
      done: documented('src/error.ts', ['getErrorMessage']),
    },
    'checks-that-fail': {
      spec: {
        scope: 'src/error.ts',
        acceptance: ['`getErrorMessage` has a doc comment'],
        checks: ['node --eval "process.exit(3)"'],
      },
      declined: /check failed|exit code 3/,
    },
  },
  prosemirror: {
    'types-without-a-command': {
      spec: {
        scope: 'src/',
        acceptance: ['Rename `compareDeep` to `equalDeep`', 'Types check'],
      },
      declined: /type checker|tsc/,
    },
    'rename-and-comment': {
      spec: {
        scope: 'src/',
        do: [
          { rename: { from: 'compareDeep', to: 'isSame' } },
          { 'doc-comment': { names: ['isSame'], text: 'Whether two values are the same.' } },
        ],
      },
      done: all(
        only('src/comparedeep.ts', 'src/mark.ts', 'src/node.ts'),
        sameMessages('compareDeep', 'isSame'),
      ),
    },
  },
  nanostores: {
    'everything-faster': {
      spec: { scope: '**', acceptance: ['Stores are twice as fast'] },
      declined: /no chore covers/,
    },
  },
};
