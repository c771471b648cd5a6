// SPDX-License-Identifier: GPL-3.0-only
import type { Cases } from '../case.ts';
import { exported } from '../checks/code.ts';
import { edits } from '../checks/texts.ts';

/** Exports that are asked for, and those that are not to be there. */
export const exportsOfModules: Cases = {
  tiptap: {
    'export-past-stars': {
      spec: {
        scope: 'src/utilities/index.ts',
        context: 'src/',
        acceptance: ['`isDev` is exported from `src/utilities/index.ts`', 'Nothing else changes'],
      },
      done: exported('src/utilities/index.ts', { isDev: 'src/utilities/isDev.ts' }),
    },
    'export-that-is-there': {
      spec: {
        scope: 'src/',
        acceptance: ['`minMax` is exported from `src/utilities/index.ts`'],
      },
      declined: /as asked|already/,
    },
  },
  mobx: {
    'export-through-a-barrel': {
      spec: {
        scope: 'src/',
        acceptance: ['Export `isStringish` from `src/mobx.ts`'],
      },
      done: exported('src/mobx.ts', { isStringish: 'src/utils/utils.ts' }),
    },
  },
  prosemirror: {
    'export-of-a-function': {
      spec: {
        scope: 'src/index.ts',
        context: ['src/'],
        acceptance: ['`compareDeep` can be imported from `src/index.ts`'],
      },
      done: exported('src/index.ts', { compareDeep: 'src/comparedeep.ts' }),
    },
    'export-of-a-type': {
      spec: {
        scope: 'src/index.ts',
        context: 'src/',
        acceptance: ['`DOMNode` is exported from `src/index.ts`'],
      },
      done: exported('src/index.ts', { DOMNode: 'src/dom.ts' }),
    },
    'export-of-a-private-one': {
      spec: {
        scope: ['src/diff.ts'],
        acceptance: ['`surrogateLow` is exported from `src/diff.ts`'],
      },
      done: edits({
        'src/diff.ts': [['function surrogateLow(ch', 'export function surrogateLow(ch']],
      }),
    },
  },
  grpc: {
    'export-beside-others': {
      spec: {
        scope: 'src/experimental.ts',
        context: 'src/',
        acceptance: [
          '`combineHostPort` is re-exported from `src/uri-parser.ts` in `src/experimental.ts`',
        ],
      },
      done: exported('src/experimental.ts', { combineHostPort: 'src/uri-parser.ts' }),
    },
    'export-of-two': {
      spec: {
        scope: 'src/experimental.ts',
        context: 'src/',
        acceptance: ['`isDuration` and `msToDuration` are exported from `src/experimental.ts`'],
      },
      done: exported('src/experimental.ts', {
        isDuration: 'src/duration.ts',
        msToDuration: 'src/duration.ts',
      }),
    },
  },
  'react-redux': {
    'export-of-a-default': {
      spec: {
        scope: 'src/exports.ts',
        context: 'src/',
        acceptance: ['`isPlainObject` is exported from `src/exports.ts`'],
      },
      done: exported('src/exports.ts', { isPlainObject: 'src/utils/isPlainObject.ts' }),
    },
  },
  toolkit: {
    'export-of-a-helper': {
      spec: {
        scope: 'src/index.ts',
        context: 'src/',
        acceptance: ['Make `freezeDraftable` available from src/index.ts'],
      },
      done: exported('src/index.ts', { freezeDraftable: 'src/utils.ts' }),
    },
  },
  slidev: {
    'export-of-a-composable': {
      spec: {
        scope: 'index.ts',
        context: '**',
        acceptance: ['`useTimer` is exported from `index.ts`', 'Only `index.ts` changes'],
      },
      done: exported('index.ts', { useTimer: 'composables/useTimer.ts' }),
    },
  },
  query: {
    'export-of-a-package': {
      spec: {
        scope: 'packages/query-core/src/index.ts',
        context: 'packages/',
        acceptance: ['`shallowEqualObjects` is exported from `packages/query-core/src/index.ts`'],
      },
      done: exported('packages/query-core/src/index.ts', {
        shallowEqualObjects: 'packages/query-core/src/utils.ts',
      }),
    },
  },
  execa: {
    'export-without-types': {
      spec: {
        scope: 'index.js',
        context: '**',
        acceptance: ['`isStandardStream` is exported from `index.js`'],
      },
      declined: /index\.d\.ts/,
    },
  },
  ajv: {
    'export-of-a-script': {
      spec: {
        scope: 'lib/ajv.ts',
        context: 'lib/',
        acceptance: ['`eachItem` is exported from `lib/ajv.ts`'],
      },
      declined: /CommonJS/,
    },
  },
  rxjs: {
    'unused-export': {
      spec: {
        scope: 'src/',
        context: '**',
        acceptance: ['`isValidDate` is no longer exported from `src/internal/util/isDate.ts`'],
      },
      declined: /isValidDate/,
    },
  },
  immer: {
    'unused-export-of-a-barrel': {
      spec: {
        scope: 'src/',
        context: '**',
        acceptance: ['`prepareCopy` is no longer exported from `src/core/proxy.ts`'],
      },
      declined: /prepareCopy|internal/,
    },
  },
  noble: {
    'unused-export-in-a-package-entry': {
      spec: {
        scope: 'src/utils.ts',
        context: '**',
        acceptance: ['`byteSwap` is not exported from `src/utils.ts` any more'],
      },
      done: edits({
        'src/utils.ts': [['export function byteSwap(word', 'function byteSwap(word']],
      }),
      declined: /byteSwap|package\.json|utils/,
    },
  },
  docusaurus: {
    'unused-exports': {
      spec: {
        scope: 'src/translations.ts',
        context: '**',
        acceptance: ['No unused exports in src/translations.ts'],
      },
      declined: /as asked|already|no unused|nothing|used/,
    },
  },
};
