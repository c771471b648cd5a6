// SPDX-License-Identifier: GPL-3.0-only
import type { ToolReply } from '../../../../src/agent/conversation.ts';
import type { Json } from '../../../../src/data/digest.ts';

/** A file before and after; an absent side was added or removed. */
export type Sides = { readonly base?: string; readonly patched?: string };

/** One thing to look at. */
export type Step =
  | { readonly kind: 'read'; readonly path: string; readonly side: 'base' | 'patched' }
  | { readonly kind: 'checks' }
  /** A file that need not be there. */
  | { readonly kind: 'look'; readonly path: string }
  /** The first of these paths that can be read. */
  | { readonly kind: 'probe'; readonly paths: readonly string[] };

type Call = { readonly name: string; readonly args: { readonly [key: string]: Json } };

/** Where the plan stands after the replies so far: the next call, all read, or no way on. */
export type Progress =
  | { readonly call: Call }
  | { readonly stuck: string }
  | {
      readonly sides: ReadonlyMap<string, Sides>;
      /** Texts that a probe came to, by path. */
      readonly probed: ReadonlyMap<string, string>;
      /** Texts that were looked for; `undefined` where there is none that can be read. */
      readonly looked: ReadonlyMap<string, string | undefined>;
      readonly findings: readonly string[];
    };

/** Reads that may fail; the loop allows one more. */
const mostMisses = 2;

/** Goes through the steps in order; a long file takes several calls. */
export const followPlan = (steps: readonly Step[], replies: readonly ToolReply[]): Progress => {
  const sides = new Map<string, { base?: string; patched?: string }>();
  const probed = new Map<string, string>();
  const looked = new Map<string, string | undefined>();
  const findings: string[] = [];
  let next = 0;
  let misses = 0;
  for (const step of steps) {
    if (step.kind === 'checks') {
      const reply = replies[next];
      if (!reply) return { call: { name: 'run_checks', args: {} } };
      next += 1;
      if ('error' in reply) return { stuck: `the checks cannot be run: ${reply.error.reason}` };
      const { ok, log } = (reply.result ?? {}) as { readonly ok?: unknown; readonly log?: unknown };
      if (ok !== true) findings.push(`the checks fail: ${String(log).slice(-300)}`);
      continue;
    }
    if (step.kind === 'look') {
      if (misses >= mostMisses) return { sides, probed, looked, findings };
      const reply = replies[next];
      if (!reply) return { call: { name: 'read_file', args: { path: step.path } } };
      next += 1;
      if ('error' in reply) misses += 1;
      const { content } = ('error' in reply ? {} : (reply.result ?? {})) as {
        readonly content?: unknown;
      };
      looked.set(step.path, typeof content === 'string' ? content : undefined);
      continue;
    }
    if (step.kind === 'probe') {
      const before = probed.size;
      let denied = false;
      for (const path of step.paths) {
        // A third bad step would end the review.
        if (misses >= mostMisses) return { sides, probed, looked, findings };
        const reply = replies[next];
        if (!reply) return { call: { name: 'read_file', args: { path, side: 'patched' } } };
        next += 1;
        if ('error' in reply) {
          misses += 1;
          denied ||= reply.error.code === 'denied';
          continue;
        }
        const { truncated, content } = (reply.result ?? {}) as {
          readonly content?: unknown;
          readonly truncated?: unknown;
        };
        // Enough is known of a very long module: it is there.
        probed.set(path, truncated === true ? 'export * from "";' : String(content));
        break;
      }
      if (probed.size === before && !denied) {
        findings.push(`${step.paths[0]}: the module is imported but does not exist`);
      }
      continue;
    }
    const { path, side } = step;
    let text = '';
    for (let from = 1; ; ) {
      const reply = replies[next];
      if (!reply) return { call: { name: 'read_file', args: { path, side, from } } };
      next += 1;
      if ('error' in reply) return { stuck: `${path} cannot be read: ${reply.error.reason}` };
      const { content, truncated } = (reply.result ?? {}) as {
        readonly content?: unknown;
        readonly truncated?: unknown;
      };
      if (typeof content !== 'string') return { stuck: `${path} cannot be read` };
      text += content;
      if (truncated !== true) break;
      if (!content.endsWith('\n')) return { stuck: `${path} has a line too long to check` };
      from += content.split('\n').length - 1;
    }
    sides.set(path, { ...sides.get(path), [side]: text });
  }
  return { sides, probed, looked, findings };
};
