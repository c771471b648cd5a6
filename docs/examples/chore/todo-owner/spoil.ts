// SPDX-License-Identifier: GPL-3.0-only

/** What an exam makes of it: the chore done right on a file there is, and wrong in ways of its own. */
export const spoil = ({ is, path, text }, random) => {
  if (is !== 'source' || /\bTODO\b/.test(text)) return undefined;
  const owner = random.pick(['ada', 'grace', 'edsger']);
  const put = (comment) => new Map([[path, `${text}// ${comment} look again\n`]]);
  return {
    way: 'todo-owner',
    acceptance: [`Every TODO has the owner \`${owner}\``],
    notes: 'todo-owner: 1 places',
    base: new Map([...put('TODO:')]),
    edits: put(`TODO(${owner}):`),
    wrong: { 'another-owner': put('TODO(alan):'), 'lost-mark': put(`(${owner}):`) },
  };
};
