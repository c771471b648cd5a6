// SPDX-License-Identifier: GPL-3.0-only
import type { Case, Cases } from '../case.ts';
import { renamed } from '../checks/renamed.ts';

type Options = Parameters<typeof renamed>[2] & {
  readonly scope?: string | readonly string[];
  readonly more?: readonly string[];
  readonly in?: string;
  readonly spec?: object;
};

/** A rename that rules promise. */
const rename = (
  from: string,
  to: string,
  { scope = 'src/', more = ['Nothing else changes'], in: file, spec, ...rest }: Options = {},
): Case => ({
  spec: {
    scope,
    acceptance: [`Rename \`${from}\` to \`${to}\`${file ? ` in \`${file}\`` : ''}`, ...more],
    ...spec,
  },
  done: renamed(from, to, rest),
});

/** One that rules may leave, if they say why. */
const maybe = (one: Case, declined: RegExp): Case => ({ ...one, declined });

/** One that must not be done. */
const never = ({ spec }: Case, declined: RegExp): Case => ({ spec, declined });

export const renames: Cases = {
  immer: {
    'of-a-function-in-barrels': rename('isDraftable', 'canBeDrafted'),
    'of-a-type': rename('PatchListener', 'PatchObserver', {
      more: ['All uses of the old name are updated'],
    }),
    'of-a-const-enum': rename('ArchType', 'StructureKind'),
    'of-an-unused-function': rename('never_used', 'neverUsed'),
    'of-a-local-function': rename('peek', 'peekAt', {
      scope: 'src/core/proxy.ts',
    }),
    'to-a-taken-name': never(rename('isDraft', 'isDraftable'), /isDraftable/),
  },
  'react-redux': {
    'of-a-function': rename('wrapMapToPropsConstant', 'wrapConstantProps'),
    'of-one-that-types-compare': never(
      rename('ReactReduxContext', 'ReduxContext', { in: 'src/components/Context.ts' }),
      /index-rsc\.ts:\d+ passes the module on/,
    ),
    'of-an-interface': rename('Subscription', 'StoreSubscription'),
    'of-a-local-function-in-tsx': rename('_connect', 'connectWith', {
      scope: 'src/components/',
    }),
    'of-a-type-alias': rename('FixTypeLater', 'Untyped'),
  },
  tiptap: {
    'through-star-exports': rename('minMax', 'clamp'),
    'with-its-test': rename('attrsEqual', 'sameAttributes'),
    'of-a-class': rename('ExtensionManager', 'ExtensionRegistry', {
      more: ['No behaviour changes'],
    }),
    'of-a-const': rename('isDev', 'isDevelopment'),
  },
  prosemirror: {
    'without-semicolons': rename('compareDeep', 'deepEqual'),
    'beside-a-method': rename('findDiffStart', 'firstDifference', { but: ['src/fragment.ts:178'] }),
    'of-a-type': rename('DOMNode', 'AnyDOMNode'),
  },
  noble: {
    'of-ts-imports': rename('rotr', 'rotateRight'),
    'with-examples-in-comments': rename('bytesToHex', 'toHex'),
    'with-a-check': rename('byteSwap', 'swapBytes', {
      scope: 'src/utils.ts',
      spec: { checks: ['tsc --version'] },
    }),
  },
  mobx: {
    'of-a-const-in-barrels': rename('noop', 'doNothing'),
    'of-an-exported-interface': rename('IEqualsComparer', 'EqualsComparer'),
    'of-a-public-function': rename('getAtom', 'atomOf', { more: ['All call sites are updated'] }),
    'of-one-that-ends-a-program': rename('once', 'atMostOnce'),
  },
  ajv: {
    'of-a-helper': rename('eachItem', 'forEachItem', { scope: 'lib/' }),
    'of-many-imports': rename('checkStrictMode', 'reportStrictMode', { scope: 'lib/' }),
    'of-a-type-of-two': rename('JSONType', 'JsonType', {
      scope: 'lib/',
      in: 'lib/compile/rules.ts',
      but: [/types\/json-schema\.ts/],
    }),
    'of-a-private-type-of-two': rename('JSONType', 'TypeKeyword', {
      scope: 'lib/',
      in: 'lib/types/json-schema.ts',
      but: [/^lib\/(?!types\/json-schema)/],
    }),
  },
  grpc: {
    'of-a-function-with-many-uses': rename('uriToString', 'formatUri'),
    'of-an-interface': rename('GrpcUri', 'TargetUri'),
    'of-a-local-const': rename('NUMBER_REGEX', 'DIGITS', { scope: 'src/uri-parser.ts' }),
    'of-one-const-of-three': rename('DEFAULT_PORT', 'DNS_DEFAULT_PORT', {
      in: 'src/resolver-dns.ts',
      but: [/resolver-ip|subchannel-address/],
    }),
    'out-of-scope-uses': never(
      rename('splitHostPort', 'parseHostPort', { scope: 'src/uri-parser.ts' }),
      /outside the scope|src\/[\w-]+\.ts/,
    ),
    'with-imports-of-quotes': rename('restrictControlPlaneStatusCode', 'controlPlaneStatus'),
  },
  toolkit: {
    'of-a-helper': rename('freezeDraftable', 'freezeIfDraftable'),
    'of-an-export-let': rename('nanoid', 'shortId'),
    'of-an-option-of-the-same-name': rename('isActionCreator', 'isCreator', {
      but: [
        'src/actionCreatorInvariantMiddleware.ts:9',
        'src/actionCreatorInvariantMiddleware.ts:27',
        'src/actionCreatorInvariantMiddleware.ts:29',
      ],
    }),
    'of-a-local-function': rename('getTimeMeasureUtils', 'measureTime'),
  },
  trpc: {
    'of-a-function': rename('mergeWithoutOverrides', 'mergeStrictly'),
    'of-a-guard': rename('isAsyncIterable', 'isAsyncIterableValue'),
    'of-exported-under-another-name-too': maybe(
      rename('getErrorShape', 'errorShapeOf'),
      /getErrorShape/,
    ),
  },
  docusaurus: {
    'of-a-component': rename('BlogListPageMetadata', 'BlogListMetadata', {
      scope: 'src/theme/BlogListPage/',
    }),
    'of-a-local-const': rename('DEFAULT_BLOG_CONFIG', 'BLOG_DEFAULTS'),
    'of-an-exported-const': rename('DEFAULT_CONFIG', 'CONFIG_DEFAULTS'),
    'of-a-component-to-lower-case': never(
      rename('BlogListPageMetadata', 'blogListMetadata', { scope: 'src/theme/BlogListPage/' }),
      /small letter/,
    ),
  },
  slidev: {
    'of-ts-only-uses': maybe(
      rename('directiveInject', 'injectForDirective', { scope: ['**/*.ts', '**/*.vue'] }),
      /loads "#slidev\/monaco-types" as a whole/,
    ),
    'with-vue-importers': maybe(
      rename('makeId', 'randomId', { scope: ['**/*.ts', '**/*.vue'] }),
      /\.vue/,
    ),
    'of-a-const-in-vue': maybe(
      rename('CLICKS_MAX', 'MOST_CLICKS', { scope: ['**/*.ts', '**/*.vue'] }),
      /\.vue/,
    ),
    'of-a-composable': rename('useEmbeddedControl', 'useEmbedding', {
      scope: ['composables/', 'setup/'],
    }),
  },
  carbon: {
    'with-svelte-importers': maybe(rename('debounce', 'afterPause'), /\.svelte/),
    'of-js-beside-types': rename('filterTreeById', 'filterTreeByIds', {
      more: ['All uses of the old name are updated'],
    }),
  },
  execa: {
    'of-js': rename('isStandardStream', 'isProcessStream', { scope: ['lib/', 'index.js'] }),
    'of-js-const': rename('STANDARD_STREAMS', 'PROCESS_STREAMS', { scope: 'lib/' }),
    'of-a-public-class-with-types-elsewhere': maybe(
      rename('ExecaSyncError', 'SyncExecaError', {
        scope: ['lib/', 'types/', 'index.js', 'index.d.ts'],
      }),
      /index\.d\.ts has the types of index\.js/,
    ),
    'of-a-local-import': never(
      rename('isPlainObject', 'isRecord', { scope: 'lib/' }),
      /isPlainObject/,
    ),
  },
  nanostores: {
    'of-js-and-types': rename('cleanTasks', 'forgetTasks', { scope: '**' }),
    'of-one-that-others-use': rename('startTask', 'beginTask', { scope: '**' }),
    'of-a-type-in-d-ts': maybe(rename('Task', 'StoreTask', { scope: '**' }), /types alone/),
  },
  lib0: {
    'through-namespaces': rename('setIfUndefined', 'getOrSet', {
      scope: '**/*.js',
      in: 'map.js',
      but: ['cache.js:180', 'object.js:169'],
    }),
    'of-a-short-name': maybe(
      rename('uniqueBy', 'distinctBy', { scope: '**/*.js' }),
      /uniqueBy|passes the module/,
    ),
  },
  fastify: {
    'of-commonjs-export': maybe(
      rename('getSchemaSerializer', 'findSchemaSerializer', { scope: ['lib/', 'test/'] }),
      /CommonJS/,
    ),
    'of-a-local-in-commonjs': maybe(
      rename('onSendEnd', 'finishSend', { scope: 'lib/reply.js' }),
      /CommonJS/,
    ),
  },
  pino: {
    'of-a-local-in-commonjs': maybe(
      rename('hasBeenTampered', 'isTampered', { scope: 'lib/' }),
      /CommonJS/,
    ),
  },
  query: {
    'across-packages': rename('notifyManager', 'notifier', { scope: 'packages/' }),
    'within-one': rename('ensureQueryFn', 'requireQueryFn', { scope: 'packages/query-core/' }),
    'of-a-public-helper': rename('hashKey', 'hashQueryKey', { scope: 'packages/*/src/' }),
  },
  changesets: {
    'of-a-type-of-another-package': rename('NewChangeset', 'ParsedChangeset', {
      scope: 'packages/',
    }),
    'of-an-error-class': rename('InternalError', 'AssertionError', { scope: 'packages/' }),
    'of-a-function-of-another-package': rename('shouldSkipPackage', 'isPackageSkipped', {
      scope: 'packages/',
    }),
    'without-the-package': never(
      rename('shouldSkipPackage', 'isPackageSkipped', { scope: 'packages/should-skip-package/' }),
      /assemble-release-plan/,
    ),
  },
  zod: {
    'of-a-local-function': rename('isLuhnAlgo', 'passesLuhn', { scope: 'src/v4/core/' }),
  },
  rxjs: {
    'of-a-helper': rename('arrRemove', 'removeFromArray'),
    'of-a-function-with-many-imports': rename('innerFrom', 'fromInput'),
    'of-a-type': rename('ObservableInputTuple', 'ObservableInputs'),
  },
};
