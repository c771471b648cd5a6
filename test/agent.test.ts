// SPDX-License-Identifier: GPL-3.0-only
import './agent/control-tokens.ts';
import './agent/dialects/decision.ts';
import './agent/dialects/dialects.ts';
import './agent/envelope-schema.ts';
import './agent/injection.ts';
import './agent/loop-failures.ts';
import './agent/loop.ts';
import './agent/repeats.ts';
import './agent/read-envelope.ts';
import './agent/registry.ts';
import './agent/shown-secret.ts';
import './agent/usage.ts';
