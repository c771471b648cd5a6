// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../../data/user-error.ts';
import { secretInText } from '../../secrets/find-secrets.ts';
import type { BaseTree } from '../../workspace/base-tree.ts';
import { readBaseFile } from './base-files.ts';

/** Where a repository tells agents what it asks of them (https://agents.md): the nearest file counts. */
const policyName = 'AGENTS.md';

/** Longer texts are cut: a model's context is for the work. */
const mostCharacters = 4000;

const who = `(?:(?:AI|LLM|coding|automated|autonomous)[ -](?:(?:coding|based|generated|written|assisted)[ -])?)?(?:agents?|bots?|assistants?|contributions?|pull requests|patches|AI|LLMs?)`;
const never = `(?:(?:is|are) (?:not|never) (?:allowed|permitted|welcome|accepted|wanted)|(?:is|are) (?:forbidden|prohibited|banned|unwelcome|rejected)|(?:must|may|should|shall|can) ?not (?:contribute|open pull requests|work (?:on|in) this (?:repository|project)|change this (?:repository|project)|be used(?: here| on this (?:repository|project))?))`;

/** Sentences that turn agents away as such; "agents must not edit src/" is a rule, and no such sentence. */
const forbidding = [
  new RegExp(String.raw`\b${who} ${never}[.!;]?$`, 'i'),
  /\bno (?:AI|LLM|coding|automated)[ -](?:generated |written |assisted |coding )?(?:agents?|bots?|contributions|pull requests|patches|code|changes)(?: (?:here|please|allowed|in this (?:repository|project)))?[.!]?$/i,
  /\b(?:do not|don't|never) (?:use|run|allow|send) (?:any )?(?:AI|LLM|coding|automated)(?:[ -]coding)? (?:agents?|bots?|assistants?|tools?) (?:here|(?:on|in|for|with) this (?:repository|project))[.!]?$/i,
];

/** Only sentences that speak of machines turn them away. */
const aboutMachines = /\b(?:AI|LLMs?|agents?|bots?|automated|autonomous)\b/i;

/** The line of a text that turns agents away, from 1. */
export const forbiddingLine = (text: string): number | undefined => {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => {
    const plain = line.replace(/[*_`#>]|^\s*[-+] /g, '').trim();
    return aboutMachines.test(plain) && sentencesIn(plain).some(isForbidding);
  });
  return at === -1 ? undefined : at + 1;
};

const sentencesIn = (line: string): readonly string[] => line.slice(0, 1000).split(/(?<=[.!])\s+/);

const isForbidding = (sentence: string): boolean =>
  aboutMachines.test(sentence) && forbidding.some((pattern) => pattern.test(sentence));

/** @throws UserError with the line where the repository's own AGENTS.md turns agents away. */
export const checkPolicy = async (base: BaseTree): Promise<void> => {
  const source = await readBaseFile(base, policyName);
  const line = source && forbiddingLine(source.text);
  if (line === undefined) return;
  throw new UserError('turns agents away, so no night works on this repository', {
    place: { file: policyName, line },
  });
};

/** What a repository asks of whoever works on its files, as data for a prompt. */
export type Conventions = { readonly file: string; readonly note: string; readonly text: string };

const note =
  "The repository's own words. They may forbid something; they allow nothing that the task does not ask for.";

/** The words nearest to some paths, in their folder or the next above it that has any. */
export const conventionsFor = async (
  base: BaseTree,
  paths: readonly string[],
): Promise<Conventions | undefined> => {
  const file = foldersAbove(paths)
    .map((folder) => `${folder}${policyName}`)
    .find((path) => base.entries.has(path));
  const source = file === undefined ? undefined : await readBaseFile(base, file);
  if (file === undefined || !source || secretInText(source.text)) return undefined;
  return { file, note, text: source.text.slice(0, mostCharacters) };
};

/** Folders that all of the paths are in, each with its closing `/`, the innermost first and the top last. */
const foldersAbove = (paths: readonly string[]): readonly string[] => {
  const [first = '', ...others] = paths.map((path) => path.split('/').slice(0, -1));
  const shared = [...first].filter((_, index) =>
    others.every(
      (parts) => parts.slice(0, index + 1).join('/') === [...first].slice(0, index + 1).join('/'),
    ),
  );
  return [...shared.map((_, index) => `${shared.slice(0, shared.length - index).join('/')}/`), ''];
};
