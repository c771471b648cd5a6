// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import { durationSchema } from '../flow/schema.ts';
import { idSchema } from '../spec/schema.ts';
import { githubSchema } from './github.ts';

const share = z.number().min(0).max(1);
const count = z.int().positive();

const limit = (most: number) => count.max(most).optional();
const atMostADay = durationSchema.refine((ms) => ms <= 24 * 3_600_000, 'write at most "24h"');

/** Of an agent's limits what a profile sets otherwise, for a slow engine or a small context; each has an end. */
const limitsSchema = z.strictObject({
  maxSteps: limit(10_000),
  maxFailures: limit(100),
  maxTokens: limit(1_000_000_000),
  maxOutputTokens: limit(131_072),
  maxRepeats: limit(100),
  timeout: atMostADay.optional(),
  idleTimeout: atMostADay.optional(),
});

/** Which engine and weights an agent runs on; every key but `engine` depends on the engine. */
export const runtimeSchema = z.strictObject({
  engine: z.enum(['rules', 'llama', 'openvino', 'vllm', 'ollama', 'openai']),
  rules: z.string().optional().describe("engine rules: which of the agent's specialists"),
  model: z.string().optional().describe('Name at the server, or a file or folder of weights'),
  adapter: z.string().optional().describe('LoRA adapter, by name at the server or as a file'),
  device: z
    .string()
    .optional()
    .describe(
      'engine openvino: CPU, GPU, NPU; engine llama: CPU keeps it off the GPU, GPU asks for one',
    ),
  socket: z.string().optional().describe('Unix socket of the server'),
  url: z.string().optional().describe('Address of the server, on this machine only'),
  threads: count
    .max(512)
    .optional()
    .describe(
      "engines llama, openvino and ollama: threads per process; default: measured, or the engine's own",
    ),
  processes: count
    .max(64)
    .optional()
    .describe('engines llama and openvino: processes that share the work'),
  dialect: z
    .enum(['envelope', 'qwen', 'decision'])
    .optional()
    .describe(
      'How the model was taught to call tools, or "decision" for a small one that only picks; default: envelope',
    ),
  view: z
    .enum(['words', 'values'])
    .optional()
    .describe(
      'dialect decision, a reviewer: the evidence in words alone, or with values beside; default: words',
    ),
  confidence: share
    .optional()
    .describe(
      'engine llama, dialect decision: the least probability of its answer at which a pick counts; below it a reviewer rejects',
    ),
  template: z
    .enum(['chatml', 'plain'])
    .optional()
    .describe(
      'engines llama and openvino: how prompts are written for a model without a chat template',
    ),
  slots: count.optional().describe('How many requests the engine takes at once'),
  seed: z.int().optional(),
  temperature: z.number().min(0).max(2).optional(),
  contextTokens: count.optional(),
  limits: limitsSchema
    .optional()
    .describe("In place of the agent's own: maxOutputTokens, timeout, idleTimeout and the others"),
});

/** Missing keys are inherited from the profile's `default`. */
const bindingSchema = runtimeSchema.partial();

/** By agent name or node id; a list binds the flow's nodes of that agent in order. */
export const profileSchema = z
  .record(z.string(), z.union([bindingSchema, z.array(bindingSchema).min(1)]))
  .refine(
    (profile) => profile.default && !Array.isArray(profile.default) && profile.default.engine,
    {
      message: 'needs a "default" runtime with an engine',
    },
  );

export const kappaSchema = z.strictObject({
  alert: share.default(0.6),
  halt: share.default(0.4),
  window: count.default(50),
  minPairs: count.default(20),
});

export const gateSchema = z.strictObject({
  kappa: kappaSchema.prefault({}),
  exam: z.strictObject({ recall: share.default(0.9), precision: share.default(0.9) }).prefault({}),
  jointErrors: share
    .default(0.5)
    .describe('Most of one reviewer\u2019s exam errors that the other may share'),
  protected: z.array(z.string()).default(['.github/**']),
  maxOpen: count
    .default(100)
    .describe('Most pull requests that may be open at once; further specs wait'),
  maxFiles: count.default(50),
  maxLines: count.default(2000),
  ceiling: z
    .strictObject({ maxFiles: count.default(5000), maxLines: count.default(500_000) })
    .prefault({}),
});

const person = z.string().regex(/^[^<>\n\0]+ <[^<>\n\0]*>$/, 'write "Name <mail>"');

/** What one command of tests or checks may use, with everything that it starts. */
export const sandboxSchema = z.strictObject({
  memory: count.default(4096).describe('MiB of memory of all its processes together'),
  processes: count
    .max(100_000)
    .default(512)
    .describe('Processes at once; 16 times as many threads'),
  files: count.default(100_000).describe('New files'),
  tree: count.default(4096).describe('MiB of the tree with all that is written into it'),
  fileSize: count.default(1024).describe('MiB of one file'),
  openFiles: count.default(8192).describe('Files open at once in one process'),
  cpu: count.default(3600).describe('Seconds that one process may compute'),
});

/** Who commits what a night opens, and how. */
export const commitSchema = z.strictObject({
  author: person
    .optional()
    .describe('Name <mail>; default: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, else Pantheon'),
  committer: person
    .optional()
    .describe('Name <mail>; default: Pantheon; of signed commits whom git names'),
  signOff: z.boolean().default(false).describe('End the message with a Signed-off-by line'),
  sign: z
    .boolean()
    .optional()
    .describe(
      "Sign as git is set up to (gpg.format, user.signingKey); default: git's commit.gpgSign",
    ),
});

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  flow: idSchema.default('spec2code'),
  profile: z.string().default('embedded'),
  profiles: z.record(z.string(), profileSchema).default({
    embedded: {
      default: { engine: 'rules' },
      'review.peer': [
        { engine: 'rules', rules: 'by-acceptance' },
        { engine: 'rules', rules: 'by-redoing' },
      ],
    },
  }),
  gate: gateSchema.prefault({}),
  commit: commitSchema.prefault({}),
  agents: z.array(z.string()).default(['agents']).describe('Folders with agent folders'),
  chores: z.array(z.string()).default(['chores']).describe('Folders with chore folders'),
  tools: z.array(z.string()).default(['tools']).describe('Folders with tool modules'),
  rules: z
    .union([z.literal(false), z.string().min(1)])
    .default('rules')
    .describe("Folder of the repository's own rules; false where it has none"),
  tests: z
    .union([z.string().min(1), z.record(z.string(), z.string().min(1))])
    .optional()
    .describe(
      'Shell command that runs the tests at the top, or one by folder; default: what each package has',
    ),
  sandbox: sandboxSchema.prefault({}).describe('What a command of tests or checks may use'),
  concurrency: count.optional().describe('Processes run at once; default: the free cores'),
  forge: z
    .enum(['local', 'github'])
    .optional()
    .describe('Where pull requests go; default: github in a compiled workflow, otherwise local'),
  github: githubSchema.prefault({}),
});

export type Runtime = Readonly<z.output<typeof runtimeSchema>>;
export type GateConfig = Readonly<z.output<typeof gateSchema>>;
export type SandboxConfig = Readonly<z.output<typeof sandboxSchema>>;
export type Config = Readonly<z.output<typeof configSchema>>;
