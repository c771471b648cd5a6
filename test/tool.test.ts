// SPDX-License-Identifier: GPL-3.0-only
import './tool/checks.ts';
import './tool/edit-tools.ts';
import './tool/files.ts';
import './tool/insert-header.ts';
import './tool/load-tools.ts';
import './tool/tests/steps.ts';
