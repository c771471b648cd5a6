// SPDX-License-Identifier: GPL-3.0-only
import { UserError } from '../data/user-error.ts';

/** Which node's work a bundle contains, within a night. `unit` is `_spec` for entry and output nodes. */
export type BundleAddress = {
  readonly spec: string;
  readonly unit: string;
  readonly node: string;
};

/** Everything a bundle may contain beside `manifest.json`, in the order it is written. */
export const bundleFileNames = [
  'input.json',
  'prompt.txt',
  'tool_calls.jsonl',
  'output.json',
  'diff.patch',
  'denied.jsonl',
  'tests.log',
  'review.json',
  'exam.json',
  'metrics.json',
  'error.json',
] as const;

export type BundleFileName = (typeof bundleFileNames)[number];

export const manifestName = 'manifest.json';

/** Contents by name. Text is kept as UTF-8: a lone surrogate becomes U+FFFD. */
export type BundleFiles = Readonly<Partial<Record<BundleFileName, string>>>;

/** An agent of `facts`, in two parts. */
export const nameAndVersion = (agent: string): readonly [name: string, version?: string] => {
  const at = agent.lastIndexOf('@');
  return at < 0 ? [agent] : [agent.slice(0, at), agent.slice(at + 1)];
};

/** Another bundle this one was made from, by its identity. */
export type BundleInput = {
  readonly node: string;
  readonly unit: string;
  readonly digest: string;
};

/** What the manifest says beside the address and the files' digests. */
export type BundleFacts = {
  readonly night: string;
  /** `name@version` */
  readonly agent: string;
  /** Digest of the runtime that answered; none for a code agent. */
  readonly runtime?: string;
  readonly inputs: readonly BundleInput[];
};

/** A bundle that was read back and verified. `identity` is the sha256 of its signed payload. */
export type Bundle = {
  readonly address: BundleAddress;
  readonly identity: string;
  readonly facts: BundleFacts;
  readonly files: BundleFiles;
  /** Text of `manifest.json`. */
  readonly manifest: string;
};

/** A bundle or a pack of bundles that is not what was written; the place names the file. */
export class BundleFault extends UserError {
  constructor(file: string, message: string, cause?: unknown) {
    super(message, { place: { file }, cause });
  }
}

const largest = 128 * 1024 * 1024;

/** The most bytes of one file of a bundle, and of all of them together. */
export const bundleLimits = { fileBytes: largest, bundleBytes: 2 * largest } as const;

/** `spec/unit/node`, as people write it and as messages name it. */
export const formatAddress = ({ spec, unit, node }: BundleAddress): string =>
  `${spec}/${unit}/${node}`;

const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

/** Whether a name can be one folder of a bundle's path on every system that unpacks it. */
export const isSegment = (name: string): boolean => segment.test(name) && !name.endsWith('.');

/** Reads `spec/unit/node`. @throws UserError when it has another form. */
export const parseAddress = (text: string): BundleAddress => {
  const parts = text.split('/');
  const [spec = '', unit = '', node = ''] = parts;
  if (parts.length !== 3 || !parts.every(isSegment)) {
    throw new UserError(`"${text}" is not the address of a bundle. Write SPEC/UNIT/NODE`);
  }
  return { spec, unit, node };
};
