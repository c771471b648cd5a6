// SPDX-License-Identifier: GPL-3.0-only
import './review-peer/code.ts';
import './review-peer/keys.ts';
import './review-peer/notes.ts';
import './review-peer/own-chores.ts';
import './review-peer/where.ts';
