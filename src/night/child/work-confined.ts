// SPDX-License-Identifier: GPL-3.0-only
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  type ConfinedProcess,
  type Shown,
  startConfined,
} from '../../boundary/confined/start-confined.ts';
import { removeTree } from '../../boundary/read-only-folder.ts';
import { startAdvice } from '../../boundary/start-advice.ts';
import { makeTemporaryFolder } from '../../data/temporary-folder.ts';
import { UserError } from '../../data/user-error.ts';
import { modelFolders } from '../../engine/models/model-files.ts';
import { compiledCode, type ProcessKind } from '../hand/compiled-code.ts';
import { handKind } from '../hand/start-hand.ts';
import { committedConfig } from '../open/open-forge.ts';
import { isNodeTask, type NightTask, nightTaskSchema } from '../record/night-task.ts';
import type { Relays } from '../record/relays.ts';
import { bindingsOf } from './bindings.ts';
import { makeChildState, takeExams } from './child-state.ts';
import { seen, showModels, shownInstallation, showRepository } from './child-view.ts';
import { checkKeysHidden } from './keys-hidden.ts';
import { errorOf, fromChildSchema } from './messages.ts';
import { openRelays } from './open-relays.ts';
import type { Outside, WorkEnd, WorkNight } from './outside.ts';

/**
 * Works in a process without network, token, home and anything of this machine that it is not shown
 * (docs/architecture/processes.md).
 */
export const workConfined: WorkNight = async (task, outside, signal) => {
  let decided = isNodeTask(task) ? task.begin.night : undefined;
  const ready: Outside['ready'] = async (night) => {
    decided = night;
    await outside.ready(night);
  };
  return withChild(task, async ({ confined, relays, state }) => {
    try {
      const child = await startConfined(confined);
      return await converse(child, { ...task, relays }, { ...outside, ready }, signal);
    } finally {
      if (decided) await takeExams(task.state, state, decided, outside.extend);
    }
  });
};

type PreparedChild = {
  readonly confined: ConfinedProcess;
  readonly relays: Relays;
  /** Its own state folder. */
  readonly state: string;
};

/** Lends what a child for a task needs on this machine, and what it is started with. */
export const withChild = async <Result>(
  task: NightTask,
  use: (prepared: PreparedChild) => Promise<Result>,
): Promise<Result> => {
  const place = await makeTemporaryFolder('child');
  const [temporary = '', state = '', repository = '', engines = ''] = [
    ...['tmp', 'state', 'repository', 'engines'],
  ].map((name) => join(place, name));
  for (const folder of [temporary, state, repository, engines]) mkdirSync(folder);
  try {
    makeChildState(task.state, state, task.id);
    const { begin } = task;
    const profile = begin.kind === 'decide' ? begin.profile : begin.night.profile;
    const [config, shownRepository, compiled] = await Promise.all([
      isNodeTask(task) ? task.begin.night.config : committedConfig(task.repository),
      showRepository(task.repository, repository),
      compiledCode([childKind, handKind]),
    ]);
    const bindings = bindingsOf(config, profile ?? config.profile);
    const { relays, close } = await openRelays(bindings, engines);
    try {
      const confined: ConfinedProcess = {
        argv: childKind.argv,
        temporary,
        env: { ...environment(), ...compiled.env },
        shown: [
          ...shownInstallation(),
          ...shownRepository,
          ...showModels(
            bindings.map(([, runtime]) => runtime),
            modelFolders(),
          ),
          { source: state, target: seen.state, access: 'write' },
          { source: task.folder, target: seenFolder(task), access: 'write' },
          ...shownIf(join(task.state, 'deps'), join(seen.state, 'deps')),
          ...shownIf(specsFolder(task)),
          { source: engines, target: seen.engines, access: 'read' },
          ...compiled.shown,
        ],
      };
      checkKeysHidden(confined.shown);
      return await use({ confined, relays, state });
    } finally {
      close();
    }
  } finally {
    await removeTree(place);
  }
};

/**
 * As `bin/pantheon` starts a night: a small young generation, and an old one that grows slowly. The rules are
 * WebAssembly: to optimise it costs half a second of CPU, and each ruling is a twentieth of a millisecond shorter.
 */
export const childFlags: readonly string[] = [
  ...['--disable-warning=ExperimentalWarning', '--liftoff-only'],
  ...['--min-semi-space-size=4', '--max-semi-space-size=4', '--heap-growing-percent=50'],
];

const childKind: ProcessKind = {
  name: 'child',
  argv: [process.execPath, ...childFlags, fileURLToPath(new URL('./main.ts', import.meta.url))],
  later: [
    '../../agent/json-validator.ts',
    '../../agent/parse-manifest.ts',
    '../../chore/chores.ts',
    '../../engine/models/model-files.ts',
    '../../engine/rules/engine.ts',
    '../gate/run-gate.ts',
    '../open/open-engines.ts',
    '../run/act-as-model.ts',
    './night-here.ts',
    './node-here.ts',
    './serve-outside.ts',
    './work-night.ts',
  ].map((path) => new URL(path, import.meta.url).href),
  shown: async () => shownInstallation(),
};

const seenFolder = ({ id }: NightTask): string => join(seen.state, 'traces', id);

const shownIf = (source: string | undefined, target?: string): readonly Shown[] =>
  source !== undefined && existsSync(source)
    ? [{ source, access: 'read', ...(target !== undefined && { target }) }]
    : [];

/** What of the environment it needs; nothing else gets in. */
const environment = (): Readonly<Record<string, string>> => {
  const names = ['PANTHEON_HOME', 'PANTHEON_MODELS', 'PANTHEON_COMMAND', 'TZ', 'LC_ALL', 'CI'];
  return {
    PANTHEON_NIGHT: '1',
    ...Object.fromEntries(
      names.flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  };
};

/** How long one that was told to stop may take [ms]. */
const stopMs = 10_000;

const converse = async (
  child: ChildProcess,
  task: NightTask,
  outside: Outside,
  signal: AbortSignal,
): Promise<WorkEnd> => {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('a child without pipes');
  let errors = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-mostErrors);
    process.stderr.write(text);
  });
  const closed = new Promise<number | undefined>((resolve, reject) => {
    child
      .once('error', async (cause) => reject(cannot(await startAdvice(cause), cause)))
      .once('close', (code) => resolve(code ?? undefined));
  });
  closed.catch(() => {});
  stdin.on('error', () => {});
  const tell = (message: unknown): void => void stdin.write(`${JSON.stringify(message)}\n`);
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    tell({ type: 'stop' });
    killing = setTimeout(() => child.kill('SIGKILL'), stopMs);
  };
  signal.addEventListener('abort', stop);
  tell(forChild(task));
  const shown = asOutside(task);
  let end: WorkEnd | undefined;
  try {
    for await (const line of createInterface({ input: stdout })) {
      const message = fromChildSchema.parse(JSON.parse(shown(line)));
      if (message.type === 'ready') {
        await outside.ready(message.night);
        tell({ type: 'go' });
      } else if (message.type === 'failed') throw errorOf(message.fault);
      else if (message.type === 'interrupted') throw signal.reason ?? new Error('interrupted');
      else if (message.type === 'end') end = { engines: message.engines, counts: message.counts };
      else if (message.type === 'say') outside.say(message.line);
      else if (message.type === 'node') {
        const { type: _, reason, ...event } = message;
        outside.node({ ...event, ...(reason !== undefined && { reason }) });
      } else if (message.type === 'terms') outside.terms(message.terms);
      else if (message.type === 'record') outside.record(message.record);
      else outside.left(message.spec);
    }
    const code = await closed;
    if (end) return end;
    if (signal.aborted) throw signal.reason;
    throw await died(code, errors);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(killing);
    child.kill('SIGKILL');
    await closed.catch(() => {});
  }
};

const cannot = (advice: string, cause?: unknown): UserError =>
  new UserError(`the night cannot be confined: ${advice}`, { cause });

const mostErrors = 10_000;

/** One that never began says why in bubblewrap's words. */
const died = async (code: number | undefined, errors: string): Promise<Error> =>
  /^(?:bwrap|unshare|setpriv): /m.test(errors)
    ? cannot(await startAdvice(errors))
    : new Error(`the night child ended (${code === undefined ? 'killed' : `code ${code}`})`);

/** The folder of spec files that was named, if one was. */
const specsFolder = ({ begin }: NightTask): string | undefined =>
  begin.kind === 'decide' && begin.specs !== undefined ? resolve(begin.specs) : undefined;

const forChild = (task: NightTask): unknown => {
  const { repository, begin } = task;
  const specs = specsFolder(task);
  return nightTaskSchema.encode({
    ...task,
    begin: specs === undefined || begin.kind !== 'decide' ? begin : { ...begin, specs },
    repository: { ...repository, root: seen.repository },
    state: seen.state,
    folder: seenFolder(task),
  });
};

/** Paths as they are for people. */
const asOutside =
  (task: NightTask) =>
  (line: string): string => {
    const { repository, state, begin } = task;
    const named = begin.kind === 'decide' ? begin.specs : undefined;
    const folders = [
      [seen.state, state],
      [seen.repository, repository.root],
      ...(named === undefined ? [] : [[inJson(specsFolder(task) ?? ''), named] as const]),
    ] as const;
    return folders.reduce((text, [from, to]) => text.replaceAll(from, inJson(to)), line);
  };

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
