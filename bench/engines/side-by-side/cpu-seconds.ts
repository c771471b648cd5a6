// SPDX-License-Identifier: GPL-3.0-only
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ, which Linux tells as 100 on every machine that Node runs on (proc_pid_stat(5)). */
const ticksPerSecond = 100;

type Process = { readonly pid: number; readonly parent: number; readonly seconds: number };

/** Processor seconds that this process and everything it started, still running, have used so far. */
export const cpuSecondsOfTree = (): number => {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? read(name) : []));
  const children = Map.groupBy(all, ({ parent }) => parent);
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + child.seconds + sum(child.pid), 0);
  const own = all.find(({ pid }) => pid === process.pid);
  return (own?.seconds ?? 0) + sum(process.pid);
};

const read = (name: string): readonly Process[] => {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The command's name may hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
    const ticks = (user ?? 0) + (system ?? 0);
    return [{ pid: Number(name), parent: parent ?? 0, seconds: ticks / ticksPerSecond }];
  } catch {
    // It has ended since.
    return [];
  }
};
