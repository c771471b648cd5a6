// SPDX-License-Identifier: GPL-3.0-only
import { type JoinedWork, type LoadOptions, loadAgent } from '../src/night/load-agent.ts';
import type { SpecFile } from '../src/spec/schema.ts';

/*
 * What a program gets by `import ... from 'pantheon'`.
 */

export { UserError } from '../src/data/user-error.ts';
export {
  AgentFailure,
  type JoinedWork,
  type LoadedAgent,
  type LoadOptions,
  loadAgent,
} from '../src/night/load-agent.ts';
export type { SpecFile };

/** A working agent that ships; `options` say on which repository, by default the current folder. */
export type ShippedAgent = {
  readonly name: string;
  /** @throws AgentFailure when the plan or a unit fails, UserError for a spec that is invalid. */
  readonly run: (spec: SpecFile, options?: LoadOptions) => Promise<JoinedWork>;
};

const shipped = (name: string): ShippedAgent => ({
  name,
  run: async (spec, options) => (await loadAgent(name, options)).run(spec),
});

/** Small changes to code, and licence headers everywhere. */
export const codegen: ShippedAgent = shipped('codegen.qwen8b');

/** Normalises the frontmatter of documents. */
export const docFrontmatter: ShippedAgent = shipped('doc.frontmatter');
