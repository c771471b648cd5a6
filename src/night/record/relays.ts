// SPDX-License-Identifier: GPL-3.0-only
import { z } from 'zod';
import type { Runtime } from '../../config/schema.ts';
import { usualUrl } from '../../engine/ollama/usual-url.ts';

const text = z.string();

/**
 * By where a profile says that an engine listens: the socket that stands for where that engine listens, or why it is
 * not talked to.
 */
export const relaysSchema = z.record(
  text,
  z.union([z.strictObject({ socket: text }), z.strictObject({ fault: text })]),
);

export type Relays = Readonly<z.output<typeof relaysSchema>>;

/** Where settings say that an engine listens; nothing for one that is in the process that asks it. */
export const addressOf = ({
  engine,
  socket,
  url,
}: { readonly [Key in 'engine' | 'socket' | 'url']?: Runtime[Key] | undefined }):
  | string
  | undefined => socket ?? url ?? (engine === 'ollama' ? usualUrl : undefined);
