// SPDX-License-Identifier: GPL-3.0-only
import type { Cases } from '../case.ts';
import { documented } from '../checks/code.ts';

/** Doc comments. */
export const docComments: Cases = {
  prosemirror: {
    'doc-without-semicolons': {
      spec: { scope: 'src/comparedeep.ts', acceptance: ['`compareDeep` has a doc comment'] },
      done: documented('src/comparedeep.ts', ['compareDeep']),
    },
    'doc-every-exported-function': {
      spec: {
        scope: 'src/diff.ts',
        acceptance: ['Every exported function in src/diff.ts has a doc comment'],
      },
      done: documented('src/diff.ts', ['findDiffStart', 'findDiffEnd']),
    },
  },
  grpc: {
    'doc-with-crlf': {
      spec: { scope: 'src/duration.ts', acceptance: ['Add JSDoc to all exported functions'] },
      done: documented('src/duration.ts', [
        ...['durationMessageToDuration', 'msToDuration', 'durationToMs', 'isDuration'],
        ...['isDurationMessage', 'parseDuration', 'durationToString'],
      ]),
    },
    'doc-of-interfaces': {
      spec: {
        scope: 'src/uri-parser.ts',
        acceptance: ['`GrpcUri` has a doc comment saying "The parts of a target."'],
      },
      done: documented('src/uri-parser.ts', ['GrpcUri'], 'The parts of a target.'),
    },
  },
  trpc: {
    'doc-of-two': {
      spec: {
        scope: 'src/unstable-core-do-not-import/http/abortError.ts',
        acceptance: ['`isAbortError` and `throwAbortError` have doc comments'],
      },
      done: documented('src/unstable-core-do-not-import/http/abortError.ts', [
        'isAbortError',
        'throwAbortError',
      ]),
    },
    'doc-below-a-lint-comment': {
      spec: {
        scope: 'src/unstable-core-do-not-import/utils.ts',
        acceptance: ['`noop` has a doc comment saying "Does nothing."'],
      },
      done: documented('src/unstable-core-do-not-import/utils.ts', ['noop'], 'Does nothing.'),
    },
  },
  mobx: {
    'doc-of-functions-only': {
      spec: {
        scope: 'src/utils/comparer.ts',
        acceptance: ['Every exported function has a doc comment', 'No behaviour changes'],
      },
      done: documented('src/utils/comparer.ts', [
        'compareIdentity',
        'compareStructural',
        'compareShallow',
      ]),
    },
  },
  ajv: {
    'doc-of-a-default': {
      spec: {
        scope: 'lib/runtime/timestamp.ts',
        acceptance: ['`validTimestamp` has a doc comment'],
      },
      done: documented('lib/runtime/timestamp.ts', ['validTimestamp']),
    },
    'doc-of-types': {
      spec: {
        scope: 'lib/compile/rules.ts',
        acceptance: ['Every exported type has a doc comment'],
      },
      done: documented('lib/compile/rules.ts', [
        'JSONType',
        'ValidationRules',
        'RuleGroup',
        'Rule',
      ]),
    },
  },
  execa: {
    'doc-of-arrows-in-js': {
      spec: {
        scope: 'lib/return/duration.js',
        acceptance: ['Document `getStartTime` with a doc comment'],
      },
      done: documented('lib/return/duration.js', ['getStartTime']),
    },
  },
  nanostores: {
    'doc-beside-types': {
      spec: {
        scope: 'listen-keys/index.js',
        acceptance: ['`listenKeys` has a doc comment', '`subscribeKeys` has a doc comment'],
      },
      done: documented('listen-keys/index.js', ['listenKeys', 'subscribeKeys']),
    },
  },
  rxjs: {
    'doc-that-is-there': {
      spec: {
        scope: 'src/internal/util/arrRemove.ts',
        acceptance: ['`arrRemove` has a doc comment'],
      },
      declined: /as asked|already/,
    },
    'doc-beside-trailing-blanks': {
      spec: { scope: 'src/internal/util/not.ts', acceptance: ['`not` has a doc comment'] },
      done: documented('src/internal/util/not.ts', ['not']),
    },
  },
  tiptap: {
    'doc-below-a-source-comment': {
      spec: {
        scope: 'src/utilities/escapeForRegEx.ts',
        acceptance: ['There is a TSDoc comment on `escapeForRegEx`', 'Nothing else changes'],
      },
      done: documented('src/utilities/escapeForRegEx.ts', ['escapeForRegEx']),
    },
  },
  immer: {
    'doc-of-consts': {
      spec: {
        scope: 'src/utils/plugins.ts',
        acceptance: ['Every exported constant has a doc comment'],
      },
      done: documented('src/utils/plugins.ts', [
        'PluginMapSet',
        'PluginPatches',
        'PluginArrayMethods',
      ]),
    },
  },
};
