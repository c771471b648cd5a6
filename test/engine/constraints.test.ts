// SPDX-License-Identifier: GPL-3.0-only
import './grammar/compact-grammar.ts';
import './grammar/print-grammar.ts';
import './llama/constrain/schema-grammar-properties.ts';
import './llama/constrain/schema-grammar.ts';
import './llama/constrain/vocabulary.ts';
import './schema/lower-schema-properties.ts';
import './schema/lower-schema.ts';
