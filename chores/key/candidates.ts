// SPDX-License-Identifier: GPL-3.0-only

export { noteDecision as candidates } from '../../src/markdown/decide/note-decision.ts';
