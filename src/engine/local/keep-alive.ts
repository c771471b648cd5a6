// SPDX-License-Identifier: GPL-3.0-only

type Mortal = { readonly isAlive: () => boolean };

/**
 * Gives the process of a number: the one in `children`, and where that has ended a new one, which
 * takes its place. Whoever asks meanwhile waits for the same new one.
 */
export const keepAlive = <Child extends Mortal>(
  children: Child[],
  restart: (index: number) => Promise<Child>,
): ((index: number) => Promise<Child>) => {
  const restarting = new Map<number, Promise<Child>>();
  return async (index) => {
    const child = children[index];
    if (child?.isAlive()) return child;
    const known = restarting.get(index);
    if (known) return known;
    const made = restart(index);
    restarting.set(index, made);
    try {
      children[index] = await made;
      return made;
    } finally {
      restarting.delete(index);
    }
  };
};
