// SPDX-License-Identifier: GPL-3.0-only

/** Rooms of `src`, top to bottom: a room may import from itself and from those below it. */
const rooms = [
  'cli',
  'day',
  'night',
  'morning',
  'forge',
  'review',
  'agent',
  'engine',
  'tool',
  'boundary',
  'workspace',
  'trace',
  'markdown',
  'config',
  'flow',
  'spec',
  'data',
];

const arrows = rooms.slice(1).map((room, index) => ({
  name: `arrows-point-down-from-${room}`,
  comment: `src/${room} may not import from a room above it: ${rooms.slice(0, index + 1).join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(?:${rooms.slice(0, index + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'every-room-is-listed',
      comment: 'a new folder of src needs its place in the list of arrows',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(?:${rooms.join('|')})/` },
      to: {},
    },
    {
      name: 'day-is-for-the-command-line',
      comment:
        'what reaches out of this machine is started by a person, never by a flow or an agent',
      severity: 'error',
      from: { pathNot: '^(?:src/(?:cli|day)|test)/' },
      to: { path: '^src/day/' },
    },
    {
      name: 'day-knows-no-night',
      comment: 'what a person does by day needs nothing of a night',
      severity: 'error',
      from: { path: '^src/day/' },
      to: { path: '^src/(?:night|morning|forge|review|agent|tool)/' },
    },
    {
      name: 'night-never-reaches-day',
      comment: 'not even through other modules',
      severity: 'error',
      from: {
        path: '^(?:actions/|src/(?:night|morning|forge|review|agent|engine|tool)/|src/cli/(?:(?:night|exam)|jobs/(?:node.*|collect|publish)|trace/replay)\\.ts$)',
      },
      to: { path: '^src/day/', reachable: true },
    },
    {
      name: 'rooms-are-discovered',
      comment: 'src never imports actions/; they are found and validated at run time',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:actions|test|bench|bin|examples)/' },
    },
    {
      name: 'no-circular',
      comment: 'modules that import each other are one module',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'an import of something that is not there',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'not-to-dev-dependencies',
      comment: 'what runs at night is a dependency, not a devDependency',
      severity: 'error',
      from: { path: '^(?:src|actions)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The bench against LangGraph has packages of its own, installed when it runs.
    exclude: { path: '/fixtures/|^bench/langgraph/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
