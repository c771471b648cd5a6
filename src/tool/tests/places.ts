// SPDX-License-Identifier: GPL-3.0-only
import { posix } from 'node:path';
import { z } from 'zod';
import { foldersUp, joinFolder } from '../../boundary/dependencies.ts';
import type { Config } from '../../config/schema.ts';
import type { Overlay, TreeSide } from '../../workspace/overlay.ts';
import { packagedRunners } from './runners.ts';
import { type Step, scriptSteps, stepsOf } from './steps.ts';

/** A folder whose tests a patch concerns, and what runs them there. */
export type TestPlace = {
  /** From the top of the repository, `''` for the top itself. */
  readonly folder: string;
  readonly steps: readonly Step[];
  /** No script asks for them: a runner among the dependencies, or a file's language, does. */
  readonly implied: boolean;
  /** It depends on packages, which have to be installed. */
  readonly depends: boolean;
  /** The patched side has no tests any more: they went away with the patch. */
  readonly lost: boolean;
};

export type PlaceQuery = {
  readonly overlay: Overlay;
  /** `tests` of the repository's configuration, which decides where it speaks of a folder. */
  readonly tests?: Config['tests'];
};

/** The places around these paths, each once, sorted by folder; of none where nothing tests a path. */
export const findPlaces = async (
  { overlay, tests }: PlaceQuery,
  paths: Iterable<string>,
): Promise<readonly TestPlace[]> => {
  const nearest = nearestPlace(overlay);
  const places = new Map<string, TestPlace>();
  const asked = new Set<string>();
  for (const path of paths) {
    const folder = posix.dirname(path).replace(/^\.$/, '');
    const language = languages.find(({ files }) => files.test(path));
    const key = `${folder} ${language?.runner ?? ''}`;
    if (asked.has(key)) continue;
    asked.add(key);
    const place = (await configured(overlay, tests, folder)) ?? (await nearest(folder, language));
    if (place) places.set(`${place.folder} ${place.steps[0]?.command}`, place);
  }
  return [...places.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
};

/** What `tests` says of the innermost folder that it names around this one. */
const configured = async (
  overlay: Overlay,
  tests: Config['tests'],
  folder: string,
): Promise<TestPlace | undefined> => {
  if (tests === undefined) return undefined;
  const byFolder = new Map(
    typeof tests === 'string'
      ? [['', tests]]
      : Object.entries(tests).map(([name, command]) => [
          name.replace(/^\.?\/*|\/+$/g, ''),
          command,
        ]),
  );
  const named = foldersUp(folder).find((one) => byFolder.has(one));
  const command = named === undefined ? undefined : byFolder.get(named);
  if (named === undefined || command === undefined) return undefined;
  const { scripts } = (await manifestOf(overlay, named, 'base')) ?? noManifest;
  const steps = stepsOf(command, scripts);
  return { folder: named, steps, implied: false, depends: false, lost: false };
};

type Language = {
  readonly runner: 'pytest' | 'go';
  readonly files: RegExp;
  /** A file with one of these names makes a folder the one where its tests are started. */
  readonly roots: readonly string[];
  readonly command: string;
};

const languages: readonly Language[] = [
  {
    runner: 'pytest',
    files: /\.pyi?$/,
    roots: ['pytest.ini', 'pyproject.toml', 'setup.cfg', 'setup.py', 'tox.ini', 'conftest.py'],
    command: 'python3 -m pytest',
  },
  { runner: 'go', files: /\.go$/, roots: ['go.mod'], command: 'go test ./...' },
];

const nearestPlace = (overlay: Overlay) => {
  const files = { base: new Set(overlay.list('base')), patched: new Set(overlay.list('patched')) };
  const ofPackage = async (folder: string, side: TreeSide): Promise<TestPlace | undefined> => {
    if (!files[side].has(joinFolder(folder, 'package.json'))) return undefined;
    return packagePlace(folder, (await manifestOf(overlay, folder, side)) ?? noManifest);
  };
  return async (start: string, language?: Language): Promise<TestPlace | undefined> => {
    for (const folder of foldersUp(start)) {
      if (language?.roots.some((name) => files.patched.has(joinFolder(folder, name)))) {
        const { runner, command } = language;
        const words = command.split(' ');
        const steps = [{ command, call: { runner, words, at: 0 } }];
        return { folder, steps, implied: true, depends: false, lost: false };
      }
      if (language) continue;
      const base = await ofPackage(folder, 'base');
      const patched = await ofPackage(folder, 'patched');
      if (base) return { ...base, lost: patched === undefined };
      if (patched) return patched;
    }
    return undefined;
  };
};

/** Its test script; without one the runner that it depends on, started plainly. */
const packagePlace = (
  folder: string,
  { dependencies, scripts }: Manifest,
): TestPlace | undefined => {
  const depends = dependencies.length > 0;
  const scripted = scriptSteps('test', scripts);
  if (scripted.length > 0) return { folder, steps: scripted, implied: false, depends, lost: false };
  const runner = packagedRunners.find((name) => dependencies.includes(name));
  return runner && { folder, steps: stepsOf(runner, {}), implied: true, depends, lost: false };
};

type Manifest = {
  readonly dependencies: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
};

const noManifest: Manifest = { dependencies: [], scripts: {} };

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
  scripts: z.record(z.string(), z.string()).default({}),
});

/** One that does not parse names nothing. */
const manifestOf = async (
  overlay: Overlay,
  folder: string,
  side: TreeSide,
): Promise<Manifest | undefined> => {
  try {
    const bytes = await overlay.read(joinFolder(folder, 'package.json'), side);
    const { dependencies, devDependencies, scripts } = manifestSchema.parse(
      JSON.parse(new TextDecoder().decode(bytes)),
    );
    return {
      dependencies: [...Object.keys(dependencies), ...Object.keys(devDependencies)],
      scripts,
    };
  } catch {
    return undefined;
  }
};
