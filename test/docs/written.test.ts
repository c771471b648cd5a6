// SPDX-License-Identifier: GPL-3.0-only
import '../bin/write-schemas.ts';
import '../examples/specs.ts';
import '../examples/vault.ts';
import '../house/house.ts';
import '../house/independence.ts';
import './words.ts';
