// SPDX-License-Identifier: GPL-3.0-only
import { createRequire } from 'node:module';

/** As openvino-node is where its native part could not be downloaded. */
export const addon: unknown = createRequire(import.meta.url)('../bin/ov_node_addon.node');
