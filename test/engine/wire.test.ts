// SPDX-License-Identifier: GPL-3.0-only
import './served/ask.ts';
import './wire/endpoint.ts';
import './wire/faults.ts';
import './wire/local-only.ts';
