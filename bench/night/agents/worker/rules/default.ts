// SPDX-License-Identifier: GPL-3.0-only
type Message = { readonly content: string };

const partOf = (content: string, name: string) => {
  const line = content.split('\n').find((text) => text.startsWith(`${name}: `)) ?? '';
  return JSON.parse(line.slice(name.length + 2));
};

/** One write, then the end: the least a working agent can do. */
export const answer = (messages: readonly Message[]): string => {
  if (messages.length > 2) {
    const output = { status: 'ok', notes: 'appended a line', metrics: {}, result: {} };
    return JSON.stringify({ type: 'final', output });
  }
  const { path, body } = partOf(messages[1]?.content ?? '', 'input');
  const args = { path, content: `${body}Reviewed.\n` };
  return JSON.stringify({ type: 'tool', name: 'write_file', args });
};
