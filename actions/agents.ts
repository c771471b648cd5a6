// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../src/data/user-error.ts';
import { type JoinedWork, type LoadOptions, loadAgent } from '../src/night/load-agent.ts';
import type { SpecFile } from '../src/spec/schema.ts';

/*
 * What a program gets by `import ... from 'pantheon'`.
 */

export {
  AgentFailure,
  type JoinedWork,
  type LoadedAgent,
  type LoadOptions,
  loadAgent,
} from '../src/night/load-agent.ts';
export type { SpecFile };
export { UserError };

const [major = ''] = process.versions.node.split('.');
if (Number(major) < 24) {
  throw new UserError(
    `Pantheon runs on Node 24, and this is ${process.version}. Run the program with the Node that comes with it, node_modules/.bin/node`,
  );
}

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
