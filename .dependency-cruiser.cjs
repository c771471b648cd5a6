// SPDX-License-Identifier: GPL-3.0-only

/** Rooms of `src`, top to bottom: a room may import from itself and from those below it. */
const rooms = [
  'cli',
  'day',
  'night',
  'learn',
  'morning',
  'forge',
  'review',
  'agent',
  'engine',
  'tool',
  'boundary',
  'code',
  'workspace',
  'trace',
  'markdown',
  'config',
  'flow',
  'chore',
  'spec',
  'secrets',
  'data',
];

const arrows = rooms.slice(1).map((room, index) => ({
  name: `arrows-point-down-from-${room}`,
  comment: `src/${room} may not import from a room above it: ${rooms.slice(0, index + 1).join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: `^src/(?:${rooms.slice(0, index + 1).join('|')})/` },
}));

/**
 * The folders of a room, top to bottom, in the order of a night or of an answer; between brackets
 * stand those that know nothing of each other. What lies in the room itself may use them all.
 */
const inner = {
  night: [
    'trial',
    'jobs',
    'child',
    'verify',
    'publish',
    'spec',
    'gate',
    'exam',
    'run',
    'decide',
    'open',
    'hand',
    'record',
  ],
  engine: [
    ['rules', 'llama', 'openvino', 'vllm', 'ollama', 'openai'],
    ['served', 'local'],
    'wire',
    'models',
    'dispatch',
    'grammar',
    'schema',
    'contract',
  ],
  review: ['gate', 'exam', 'suspect', 'kappa'],
  cli: [
    ['doctor', 'models', 'trace', 'jobs', 'keys', 'learn', 'morning', 'reference'],
    'github',
    'shared',
  ],
};

const innerArrows = Object.entries(inner).flatMap(([room, list]) => {
  const rows = list.map((row) => [row].flat());
  return rows.flatMap((row, index) =>
    row.flatMap((folder) => {
      const beside = row.filter((other) => other !== folder);
      const above = [...rows.slice(0, index).flat(), ...beside];
      return above.length === 0
        ? []
        : {
            name: `arrows-point-down-from-${room}-${folder}`,
            comment: `src/${room}/${folder} may not import from ${above.join(', ')}`,
            severity: 'error',
            from: { path: `^src/${room}/${folder}/` },
            to: { path: `^src/${room}/(?:${above.join('|')})/` },
          };
    }),
  );
});

const unlisted = Object.entries(inner).map(([room, list]) => ({
  name: `every-folder-of-${room}-is-listed`,
  comment: `a new folder of src/${room} needs its place among the others`,
  severity: 'error',
  from: { path: `^src/${room}/[^/]+/`, pathNot: `^src/${room}/(?:${list.flat().join('|')})/` },
  to: {},
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...arrows,
    ...innerArrows,
    ...unlisted,
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
      to: { path: '^src/(?:night|learn|morning|forge|review|agent|tool)/' },
    },
    {
      name: 'night-never-reaches-day',
      comment: 'not even through other modules',
      severity: 'error',
      from: {
        path: '^(?:actions/|src/(?:night|learn|morning|forge|review|agent|engine|tool)/|src/cli/(?:(?:night|exam)|jobs/(?:node.*|collect|publish)|trace/replay)\\.ts$)',
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
