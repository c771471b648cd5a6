// SPDX-License-Identifier: GPL-3.0-only
import './bin/install.ts';
import './bin/package.ts';
import './bin/run-tests.ts';
import './runner-setup/pin.ts';
