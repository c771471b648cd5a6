// SPDX-License-Identifier: GPL-3.0-only
import './publish/doubt-chain.ts';
import './publish/doubt-reviews.ts';
import './publish/page.ts';
import './publish/publish-spec.ts';
import './publish/signed.ts';
import './publish/summarise-spec.ts';
import './publish/taken-branches.ts';
