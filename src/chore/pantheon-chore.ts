// SPDX-License-Identifier: GPL-3.0-only

/* What a chore of a repository may import as `pantheon/chore`. */

export { coveredBy } from './patch.ts';
export { Declined } from './script.ts';
