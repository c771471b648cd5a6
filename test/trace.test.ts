// SPDX-License-Identifier: GPL-3.0-only
import './trace/compare-outputs.ts';
import './trace/journal.ts';
import './trace/lock.ts';
import './trace/open-traces.ts';
import './trace/otel.ts';
import './trace/packs.ts';
import './trace/sign/keys.ts';
import './trace/sign/merkle.ts';
import './trace/sign/seal.ts';
import './trace/tamper.ts';
