// SPDX-License-Identifier: GPL-3.0-only
import './chore/code-sentences.ts';
import './chore/own-chores.ts';
import './chore/peoples-words.ts';
import './chore/sentences.ts';
import './config/load-config.ts';
import './data/digest.ts';
import './data/installation.ts';
import './data/read-document.ts';
import './data/text.ts';
import './flow/compile-checked.ts';
import './flow/compile.ts';
import './flow/graph.ts';
import './flow/load-flow.ts';
import './secrets/find-secrets.ts';
import './secrets/scrub.ts';
import './spec/licence.ts';
import './spec/load-specs.ts';
