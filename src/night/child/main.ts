// SPDX-License-Identifier: GPL-3.0-only
import { attest } from '../../boundary/attest/attest.ts';

/*
 * The night child: it is given a task, tells what it comes to, and holds no token, no network and
 * nothing of this machine that it was not shown. While it tries the ways out, what works is loaded.
 */

const attesting = attest();
// Told once there is a task.
attesting.catch(() => {});
const { serveOutside } = await import('./serve-outside.ts');
await serveOutside(attesting);
