// SPDX-License-Identifier: GPL-3.0-only
import { visibleCredentials } from './credentials.ts';
import { tryWaysOut } from './probes.ts';

/* Tries what a night child would, for `pantheon doctor --prove`: one line of JSON. */

const [probes, credentials] = [await tryWaysOut(), visibleCredentials()];
process.stdout.write(`${JSON.stringify({ probes, credentials })}\n`);
