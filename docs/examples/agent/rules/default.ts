// SPDX-License-Identifier: GPL-3.0-only

type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };
type Input = { readonly path: string; readonly body: string };
type Reply = {
  readonly tool?: string;
  readonly result?: { readonly text?: string | null };
  readonly error?: { readonly code: string; readonly reason: string };
};

/** Rules standing in for a model: the conversation so far in, the text of the next answer out. */
export const answer = (messages: readonly Message[]): string => {
  const [task, ...told] = messages.filter(({ role }) => role === 'user');
  const replies: readonly Reply[] = told.map(({ content }) => JSON.parse(content));
  return JSON.stringify(next(inputIn(task?.content ?? ''), replies));
};

/** The task holds one `name: <JSON>` line per part. */
const inputIn = (task: string): Input => {
  const line = task.split('\n').find((part) => part.startsWith('input: ')) ?? 'input: {}';
  return JSON.parse(line.slice('input: '.length));
};

const hasTitle = (body: string): boolean =>
  /^title:[ ]*\S/m.test(/^---\r?\n([\s\S]*?)\r?\n---\r?\n/.exec(body)?.[1] ?? '');

const next = ({ path, body }: Input, replies: readonly Reply[]) => {
  if (hasTitle(body)) return final('ok', 'it has a title already', null);
  const [heading, edit] = replies;
  const error = (edit ?? heading)?.error;
  if (error) return final('fail', `${error.code}: ${error.reason}`, null);
  if (!heading) return { type: 'tool', name: 'first_heading', args: { path } };
  const title = heading.result?.text;
  if (typeof title !== 'string')
    return final('fail', `${path} has no heading of level 1 on top`, null);
  if (!edit) return { type: 'tool', name: 'set_frontmatter', args: { path, set: { title } } };
  return final('ok', `the title is "${title}"`, title);
};

const final = (status: 'ok' | 'fail', notes: string, title: string | null) => ({
  type: 'final',
  output: { status, notes, metrics: {}, result: { title } },
});
