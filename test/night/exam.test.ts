// SPDX-License-Identifier: GPL-3.0-only
import './exam/broken-exam.ts';
import './exam/exam-sources.ts';
import './exam/hidden-units.ts';
import './exam/hidden.ts';
import './exam/preflight.ts';
import '../review/exam/hidden-result.ts';
import '../review/exam/paper.ts';
import '../review/gate/gate.ts';
import '../review/gate/independence.ts';
import '../review/kappa/joint-errors.ts';
import '../review/kappa/kappa-error.ts';
import '../review/kappa/kappa.ts';
