// SPDX-License-Identifier: GPL-3.0-only
import '../review/exam/exam.ts';
import '../review/exam/hidden-result.ts';
import '../review/exam/paper.ts';
import '../review/gate/gate.ts';
import '../review/gate/independence.ts';
import '../review/kappa/joint-errors.ts';
import '../review/kappa/kappa-error.ts';
import '../review/kappa/kappa.ts';
import './exam/broken-exam.ts';
import './exam/exam-sources.ts';
import './exam/exam-unit.ts';
import './exam/hidden-units.ts';
import './exam/hidden.ts';
import './exam/looks.ts';
import './exam/preflight.ts';
