// SPDX-License-Identifier: GPL-3.0-only
import './bad-input.ts';
import './adapter-canary.ts';
import './canary.ts';
import './contract/settings.ts';
import './dispatch/dispatcher.ts';
import './dispatch/figures.ts';
import './dispatch/queue.ts';
import './llama/pool/pool.ts';
import './local/chat-templates.ts';
import './local/processes.ts';
import './models/models-lock.ts';
import './models/shipped-adapter.ts';
import './models/registry.ts';
import './models/shipped-model.ts';
import './ollama/engine.ts';
import './openai/engine.ts';
import './rules/engine.ts';
