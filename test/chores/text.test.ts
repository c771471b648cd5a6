// SPDX-License-Identifier: GPL-3.0-only
import './checks-pass.ts';
import './copyright-year.ts';
import './final-newline.ts';
import './format.ts';
import './key-order/order.ts';
import './keys-and-tags.ts';
import './links.ts';
import './no-trailing-whitespace.ts';
import './toc.ts';
import './unreadable.ts';
