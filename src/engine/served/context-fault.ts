// SPDX-License-Identifier: GPL-3.0-only
import { EngineFault } from '../contract/engine.ts';

/** A prompt is longer than a server's context: a fault that no other try would end otherwise. */
export class ContextFault extends EngineFault {
  override readonly name = 'ContextFault';
}
