// SPDX-License-Identifier: GPL-3.0-only
import './boundary/bubblewrap.ts';
import './boundary/dependencies.ts';
import './boundary/executors.ts';
import './boundary/host.ts';
import './boundary/limits.ts';
import './boundary/local.ts';
import './boundary/own-keyring.ts';
import './boundary/rules/engine.ts';
import './boundary/rules/learn.ts';
import './boundary/rules/shipped.ts';
import './boundary/seccomp.ts';
import './boundary/sweep-temporary.ts';
import './boundary/verifier.ts';
